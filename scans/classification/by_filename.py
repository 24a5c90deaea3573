"""What the words of a name and of its folders say. Whole words only: a patient called "Upperton" decides nothing."""

from collections.abc import Iterable, Sequence

from scans.classification.verdict import Arch, Method, Role, Side, Vote
from scans.classification.vocabulary import ROLE_ORDER
from scans.classification.words import (
    Hit,
    NameReading,
    Word,
    fold,
    hits_in,
    is_structural,
    read_name,
    stem_of,
    words_of,
)

TOKENS = 0.9
FOLDER = 0.92
WEAK = 0.75
"""One abbreviation ("OK", "sup"): needs a second witness."""
DOUBTFUL = 0.6
"""The telling word stands among others and may be somebody's name, or the name says two things."""

SILENT = Vote(Method.TOKENS)

ARCH_WORDS = {Arch.UPPER: "the upper jaw", Arch.LOWER: "the lower jaw", Arch.BOTH: "both jaws"}


def by_filename(path: str, names: Sequence[str] = ()) -> Vote:
    """Vote of the file's own name; silent (UNKNOWN, 0) when it says nothing.

    names: the patient's names as the export gives them; the words that spell one of them say nothing.
    """
    reading = read_name(_without_names(path.rsplit("/", 1)[-1], names))
    if not reading.hits:
        return SILENT
    return _vote(reading, Method.TOKENS, TOKENS)


def by_folder(path: str) -> Vote:
    """Vote of the nearest folder that names a jaw or a role; folders that only order files are looked through."""
    for folder in reversed([part for part in path.split("/")[:-1] if part]):
        words = words_of(folder)
        if not is_structural(folder):
            break
        hits = tuple(hits_in(words))
        # "Bite" alone may hold the arches placed in that bite, so a folder speaks of bites only through its files.
        if any(hit.meaning.tells and hit.meaning.role is not Role.BITE for hit in hits):
            return _vote(NameReading(words, hits), Method.FOLDER, FOLDER)
    return Vote(Method.FOLDER)


def _vote(reading: NameReading, method: Method, confidence: float) -> Vote:
    arch, role = _arch(reading.hits), _role(reading.hits)
    if (arch is Arch.BOTH or (arch is not Arch.UNKNOWN and role is Role.BITE)) and method is Method.TOKENS:
        return _two_things(reading, arch)
    telling = [hit for hit in reading.hits if hit.meaning.tells]
    confidence = min(confidence, WEAK) if all(hit.meaning.weak for hit in telling) else confidence
    confidence = min(confidence, DOUBTFUL) if reading.doubtful else confidence
    side = _side(reading.hits, role)
    index = reading.index if method is Method.TOKENS else None
    if method is Method.TOKENS and role is Role.UNKNOWN:
        role = Role.ARCH
    return Vote(method, _arch_of(arch, role), role, side, index, confidence, _evidence(telling, method, arch, role))


def _two_things(reading: NameReading, arch: Arch) -> Vote:
    """ "lower_bite1" is rather an arch placed in a bite than a bite scan, but only a person or the shape can tell."""
    role = Role.UNKNOWN if arch is Arch.BOTH else Role.ARCH
    evidence = (
        "the name speaks of both jaws" if arch is Arch.BOTH else f"the name speaks of {ARCH_WORDS[arch]} and of a bite"
    )
    return Vote(Method.TOKENS, arch, role, Side.NONE, reading.index, DOUBTFUL, evidence)


def _arch_of(arch: Arch, role: Role) -> Arch:
    return Arch.BOTH if role is Role.BITE and arch is Arch.UNKNOWN else arch


def _arch(hits: Iterable[Hit]) -> Arch:
    told = {hit.meaning.arch for hit in hits} - {Arch.UNKNOWN}
    if len(told) == 1:
        return told.pop()
    return Arch.BOTH if told else Arch.UNKNOWN


def _role(hits: Iterable[Hit]) -> Role:
    told = {hit.meaning.role for hit in hits}
    return next((role for role in ROLE_ORDER if role in told), Role.UNKNOWN)


def _side(hits: Iterable[Hit], role: Role) -> Side:
    """An initial ("bite_L") tells a side only of a bite; a name with both sides tells none."""
    told = {hit.meaning.side for hit in hits if role is Role.BITE or not hit.meaning.initial} - {Side.NONE}
    return told.pop() if len(told) == 1 else Side.NONE


def _evidence(telling: Sequence[Hit], method: Method, arch: Arch, role: Role) -> str:
    place = "the folder" if method is Method.FOLDER else "the file"
    means = [ARCH_WORDS[arch]] if arch in ARCH_WORDS else []
    means += [str(role).replace("_", " ")] if role not in (Role.UNKNOWN, Role.ARCH) else []
    quoted = ", ".join(f"“{hit.phrase}”" for hit in telling)
    return f"{place} is named {quoted}: {' and '.join(means)}"


def _without_names(name: str, names: Sequence[str]) -> str:
    """The name without the patient's: "Bite, Max" given by a side-car is taken out of "BiteMaxUpperJawScan"."""
    stem = stem_of(name)
    words = words_of(stem)
    wanted = sorted(fold(word.raw) for text in names for word in words_of(text))
    if not wanted or len(words) < len(wanted) or len(words) == 1:
        return name
    for at in range(len(words) - len(wanted) + 1):
        span: Sequence[Word] = words[at : at + len(wanted)]
        if sorted(word.text for word in span) == wanted:
            end = span[-1].start + len(span[-1].raw)
            return f"{stem[: span[0].start]} {stem[end:]}"
    return name
