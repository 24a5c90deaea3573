"""PURE: which loose files belong together: those of one prefix, whatever else lies beside them.

A prefix is judged by itself: in a folder that fills all day, "1UpperJawScan" and "2LowerJawScan" are two people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from integrations.connectors.threeshape.names import known_as
from scans.classification.words import COPY, SUFFIX, read_name, stem_of
from scans.exports.formats import ARCHIVES, MESHES, NATIVES
from scans.exports.sorting import ending
from scans.exports.threeshape import simple_name

WITHOUT_PREFIX = "JawScan"
ALONE = frozenset({*ARCHIVES, *NATIVES})
"""An archive is an export of its own; a closed format is one so that somebody is told the way out."""


def is_alone(name: str) -> bool:
    return ending(name) in ALONE


def groups_of(names: Iterable[str]) -> dict[str, list[str]]:
    """Names by the prefix they share. What is no scan and goes with none is in no group and stays where it is."""
    listed = sorted(names)
    groups: dict[str, list[str]] = defaultdict(list)
    spelled: dict[str, str] = {}
    others = []
    for name in listed:
        if label := _prefix(known_as(name)) if ending(name) in MESHES else "":
            groups[spelled.setdefault(label.casefold(), label)].append(name)
        else:
            others.append(name)
    for name in others:
        if home := _home(name, spelled):
            groups[home].append(name)
    return dict(groups)


def _prefix(name: str) -> str:
    """As it was typed. A copy that the operating system numbered is another export: it may be another person's."""
    copy = COPY.search(SUFFIX.sub("", name))
    number = f" {copy.group()}" if copy else ""
    if simple := simple_name(name):
        return (simple.prefix or WITHOUT_PREFIX) + number
    words = read_name(name)
    return stem_of(name) + number if words.key is None else (words.label or WITHOUT_PREFIX) + number


def _home(name: str, spelled: Mapping[str, str]) -> str | None:
    """The same prefix, or the longest that a picture or an order file begins with as a word of its own."""
    if (own := _prefix(known_as(name)).casefold()) in spelled:
        return spelled[own]
    stem = SUFFIX.sub("", known_as(name)).casefold()
    fits = [folded for folded in spelled if stem.startswith(folded) and not _goes_on(stem, folded)]
    return spelled[max(fits, key=len)] if fits else None


def _goes_on(stem: str, prefix: str) -> bool:
    return stem[len(prefix) : len(prefix) + 1].isalnum()
