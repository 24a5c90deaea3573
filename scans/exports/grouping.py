"""Which entries of a listing belong to one case.

A case is told by an order id in a name, else by the folder it lies in and by the words that its scans' names share
before or behind the telling ones ("ios001" in ios001_upper.ply and ios001_lower.ply). Folders that only order files
("Scans/Upper", "STL") are looked through. Below a folder with an order file, or one that Medit names after its case,
everything is one folder.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scans.classification.by_filename import by_filename
from scans.classification.words import FILLER_WORDS, INDEX_DIGITS, fold, is_structural, read_name, stem_of, words_of
from scans.exports.itero_names import order_in, order_in_folder
from scans.exports.listing import Listed, Listing, open_listing
from scans.exports.manifest import EntryKind, ExportFile
from scans.exports.medit import CASE_FOLDER
from scans.exports.sorting import ending, folders_of

Root = tuple[str, ...]
LEFT_OVER = "not part of any case"


@dataclass(frozen=True, slots=True)
class CaseKey:
    """root is None where an order id alone tells the case, wherever its files lie."""

    root: Root | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """words: what the name shares with its case; () when it names only a jaw, None when it tells nothing."""

    entry: Listed
    root: Root
    words: tuple[str, ...] | None
    label: str
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class CaseFiles:
    label: str
    paths: frozenset[str]


def split_into_cases(files: Sequence[ExportFile], container: str = "") -> list[tuple[str, list[ExportFile]]]:
    """Label and files of every case of a folder on disk, in the order they appear. Loses no file.

    A loose mesh whose name tells nothing is a case of its own; inside a sub-folder it belongs to that folder.
    Files that fit no case come last, under LEFT_OVER.
    """
    listing = open_listing(files, container)
    groups = _groups(listing, apart=True)
    members: dict[CaseKey | None, list[ExportFile]] = {key: [] for key in groups}
    home = {path: key for key, group in groups.items() for path in group.paths}
    for file in files:
        members.setdefault(home.get(file.path), []).append(file)
    left = members.pop(None, [])
    cases = [(groups[key].label, inside) for key, inside in members.items() if key is not None and inside]
    if not cases:
        return [(container or "case", left)] if left else []
    return [*cases, (LEFT_OVER, left)] if left else cases


def cases_in(listing: Listing) -> list[str]:
    """The labels of the cases in one upload; scans whose names tell nothing are taken to belong together."""
    return [group.label for group in _groups(listing, apart=False).values()]


def _groups(listing: Listing, *, apart: bool) -> dict[CaseKey, CaseFiles]:
    placed = _place(listing)
    seeds = [one for one in placed if one.entry.kind is EntryKind.MESH]
    keys = _keys(seeds, apart=apart)
    attached = _attach([one for one in placed if one.entry.path not in keys], keys.values())
    members: dict[CaseKey, list[Placed]] = defaultdict(list)
    for one in placed:
        key = keys.get(one.entry.path) or attached.get(one.entry.path)
        if key:
            members[key].append(one)
    first = {keys[one.entry.path]: one for one in reversed(seeds)}
    return {
        key: CaseFiles(_label(key, first[key], listing), frozenset(one.entry.path for one in inside))
        for key, inside in members.items()
    }


def _place(listing: Listing) -> list[Placed]:
    anchors = {folders_of(sidecar.path) for sidecar in listing.sidecars if _is_order(sidecar.path, sidecar.root_tag)}
    anchors |= _rival_tops(listing) | _case_folders(listing)
    return [_placed(entry, anchors) for entry in listing.entries]


def _rival_tops(listing: Listing) -> set[Root]:
    """Top folders that hold scans of the same names: archives called "Export" and "Export (2)" that came together.

    Inside one archive or folder ("raw", "trimmed") such folders order the files of one case.
    """
    tops: dict[str, set[str]] = defaultdict(set)
    for file in listing.meshes if not listing.container else ():
        top, _, rest = file.path.lstrip("/").partition("/")
        if rest and not read_name(top).hits:
            tops[fold(rest)].add(top)
    return {(top,) for names in tops.values() if len(names) > 1 for top in names}


def _case_folders(listing: Listing) -> set[Root]:
    """Medit's folders of one case each: what lies below, in whatever folders, is of that case."""
    roots = {folders_of(entry.path) for entry in listing.entries}
    return {root[: depth + 1] for root in roots for depth, name in enumerate(root) if CASE_FOLDER.fullmatch(name)}


def _is_order(path: str, root_tag: str) -> bool:
    return root_tag in ("iTeroExport", "DentalContainer") or ending(path) == "dentalproject"


def _placed(entry: Listed, anchors: Collection[Root]) -> Placed:
    name, folders = entry.file.name, folders_of(entry.path)
    reading, order_id = read_name(name), order_in(name)
    words = (order_id.casefold(),) if order_id else reading.key
    if words is None and ending(name) == "dentalproject":
        words = _all_words(name)
    return Placed(entry, _root(folders, anchors), words, order_id or reading.label, order_id)


def _all_words(name: str) -> tuple[str, ...]:
    return tuple(word.text for word in words_of(stem_of(name)) if word.text not in FILLER_WORDS)


def _root(folders: Root, anchors: Collection[Root]) -> Root:
    for depth in range(len(folders), -1, -1):
        if folders[:depth] in anchors:
            return folders[:depth]
    while folders and is_structural(folders[-1]):
        folders = folders[:-1]
    return folders


def _keys(seeds: Sequence[Placed], *, apart: bool) -> dict[str, CaseKey]:
    """The case of every mesh."""
    by_root: dict[Root, list[Placed]] = defaultdict(list)
    keys: dict[str, CaseKey] = {}
    for one in seeds:
        if one.order_id:
            keys[one.entry.path] = CaseKey(None, one.words or ())
        else:
            by_root[one.root].append(one)
    orders: dict[Root, set[CaseKey]] = defaultdict(set)
    for one in seeds:
        if one.order_id:
            orders[one.root].add(keys[one.entry.path])
    for root, inside in by_root.items():
        order = next(iter(orders[root])) if len(orders[root]) == 1 else None
        keys |= _keys_beside(order, inside) if order else {}
        keys |= _keys_in(root, [one for one in inside if one.entry.path not in keys], apart=apart)
    return keys


def _keys_beside(order: CaseKey, inside: Sequence[Placed]) -> dict[str, CaseKey]:
    """A scan without a case's words of its own, beside the scans of one order, is of that order."""
    return {one.entry.path: order for one in inside if not one.words}


def _keys_in(root: Root, inside: Sequence[Placed], *, apart: bool) -> dict[str, CaseKey]:
    named = _without_numbering([one for one in inside if one.words])
    only = next(iter(named.values()), ()) if len(set(named.values())) <= 1 else None
    if only is not None and (only or root or not apart):
        return {one.entry.path: CaseKey(root, only) for one in inside}
    return {one.entry.path: CaseKey(root, _words_among(one, named, apart=apart and not root)) for one in inside}


def _words_among(one: Placed, named: Mapping[str, tuple[str, ...]], *, apart: bool) -> tuple[str, ...]:
    """A loose mesh that tells nothing is its own case; those that name only a jaw share the nameless one."""
    if one.entry.path in named:
        return named[one.entry.path]
    words = tuple(word.text for word in words_of(stem_of(one.entry.file.name)))
    alone = words if apart and one.words is None else ()
    return _longest_start(words, set(named.values())) or alone


def _longest_start(words: tuple[str, ...], known: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    fits = [key for key in known if key and words[: len(key)] == key]
    return max(fits, key=len, default=None)


def _without_numbering(named: Sequence[Placed]) -> dict[str, tuple[str, ...]]:
    """ "1_upper, 2_lower, 3_bite" numbers the files of one case; "1_upper, 1_lower, 2_upper" numbers cases."""
    words = _in_one_spelling({one.entry.path: one.words or () for one in named})
    stems = {(one.words, stem_of(one.entry.file.name)) for one in named}
    votes = [by_filename(stem) for _, stem in stems]
    is_number = all(len(key) == 1 and key[0].isdecimal() and len(key[0]) <= INDEX_DIGITS for key in words.values())
    if is_number and len({key for key, _ in stems}) == len(stems) == len({(vote.arch, vote.role) for vote in votes}):
        return dict.fromkeys(words, ())
    return words


def _in_one_spelling(words: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """ "johndoe" and "JohnDoe" are one case. Numbers keep their joints: 1_23 is not 12_3."""
    spelled: dict[str, tuple[str, ...]] = {}
    return {
        path: spelled.setdefault("".join(key), key) if "".join(key).isalpha() else key for path, key in words.items()
    }


def _attach(others: Sequence[Placed], keys: Iterable[CaseKey]) -> dict[str, CaseKey]:
    """Side-cars, textures and documents go to the case whose words they share, else to the only one around."""
    cases = list(dict.fromkeys(keys))
    by_root: dict[Root | None, list[CaseKey]] = defaultdict(list)
    for key in cases:
        by_root[key.root].append(key)
    found = {one.entry.path: _home(one, by_root, cases) for one in others}
    return {path: key for path, key in found.items() if key}


def _home(one: Placed, by_root: Mapping[Root | None, list[CaseKey]], cases: Sequence[CaseKey]) -> CaseKey | None:
    if not cases:
        return None
    if len(cases) == 1 or one.entry.kind is EntryKind.JUNK:
        return cases[0]
    words = _all_words(one.entry.file.name)
    for depth in range(len(one.root), -1, -1):
        around = by_root.get(one.root[:depth], [])
        if key := _fitting(one, words, around):
            return key
    orders = by_root.get(None, [])
    return _fitting(one, words, orders) or _order_of_folder(one, orders) or _only_below(one.root, cases)


def _fitting(one: Placed, words: tuple[str, ...], around: Sequence[CaseKey]) -> CaseKey | None:
    if not around:
        return None
    same = [key for key in around if key.words and key.words == one.words]
    start = _longest_start(words, (key.words for key in around))
    if same or start is not None:
        return same[0] if same else next(key for key in around if key.words == start)
    return around[0] if len(around) == 1 and around[0].root is not None else None


def _order_of_folder(one: Placed, orders: Sequence[CaseKey]) -> CaseKey | None:
    names = {order_in_folder(folder).casefold() for folder in one.root}
    return next((key for key in orders if key.words and key.words[0] in names), None)


def _only_below(root: Root, cases: Sequence[CaseKey]) -> CaseKey | None:
    below = [key for key in cases if key.root is not None and key.root[: len(root)] == root]
    return below[0] if len(below) == 1 else None


def _label(key: CaseKey, first: Placed, listing: Listing) -> str:
    """As a person knows the case: its order id, its prefix as typed, its folder, else a file's name."""
    if first.order_id:
        return first.order_id
    folder = key.root[-1] if key.root else listing.container
    name = first.label if key.words and first.words else ""
    return name or folder or stem_of(first.entry.file.name)
