"""How iTero names the files of an order."""

import re
from typing import NamedTuple

from scans.classification.verdict import Arch, Method, Role, Vote
from scans.classification.words import stem_of
from scans.exports.reading import VENDOR, FileReading

SHELL = re.compile(
    r"(?P<order>[\w-]+?)_shell_(?P<pose>[a-z]+)_(?P<jaw>[ul])(?:_bite(?P<bite>\d{1,2}))?", re.IGNORECASE | re.ASCII
)
JAW = re.compile(r"(?P<words>[a-z]+(?:_[a-z]+)*)_?#(?P<order>[\w-]+)", re.IGNORECASE | re.ASCII)
EXPORT_XML = re.compile(r"itero_export_#?(?P<order>[a-z0-9-]+?)(?:_v(?P<version>\d+))?\.xml", re.IGNORECASE | re.ASCII)
FOLDER = re.compile(r"(?:orthocad|itero)_export_#?(?P<order>[a-z0-9-]+)", re.IGNORECASE | re.ASCII)

ARCHES = {"u": Arch.UPPER, "l": Arch.LOWER, "upper": Arch.UPPER, "lower": Arch.LOWER}
POSES = {"occlusion": "both jaws placed in occlusion", "teethup": "the jaw turned teeth up"}


class IteroName(NamedTuple):
    order_id: str
    reading: FileReading


def itero_name(name: str) -> IteroName | None:
    """Order and meaning of a mesh name, None for a name of another scheme."""
    stem = stem_of(name)
    if match := SHELL.fullmatch(stem):
        return IteroName(match["order"], _shell(match))
    if (match := JAW.fullmatch(stem)) and (arch := _jaw_in(match["words"])):
        return IteroName(match["order"], _jaw(arch, match["words"].casefold()))
    return None


def order_in(name: str) -> str:
    """The order id that a file name of any kind carries, "" when it is no iTero name."""
    if found := itero_name(name):
        return found.order_id
    match = EXPORT_XML.fullmatch(name.strip()) or EXPORT_XML.fullmatch(f"{stem_of(name)}.xml")
    return match["order"] if match else ""


def order_in_folder(folder: str) -> str:
    match = FOLDER.fullmatch(stem_of(folder))
    return match["order"] if match else ""


def _shell(match: re.Match[str]) -> FileReading:
    """ "occlusion" is a pose of the arch, no bite scan; "_bite1" says in which bite the arch was placed."""
    arch, pose = ARCHES[match["jaw"].casefold()], match["pose"].casefold()
    metadata: dict[str, object] = {"pose": pose}
    evidence = f"iTero's shell name: the {arch} jaw, {POSES.get(pose, 'in another pose')}"
    if match["bite"]:
        metadata["placed_in_bite"] = int(match["bite"])
        evidence += f", placed in bite {int(match['bite'])}"
    return FileReading((Vote(Method.VENDOR, arch, Role.ARCH, confidence=VENDOR, evidence=evidence),), metadata)


def _jaw_in(words: str) -> Arch | None:
    parts = words.casefold().split("_")
    arches = [ARCHES[part] for part in parts if part in ("upper", "lower")]
    return arches[0] if len(arches) == 1 and "jaw" in parts else None


def _jaw(arch: Arch, words: str) -> FileReading:
    before = "pretreatment" in words.replace("_", "")
    metadata = {"ditch": "without" not in words} if "ditch" in words else {}
    role = Role.PRE_PREPARATION if before else Role.ARCH
    evidence = f"iTero's name: the {arch} jaw" + (" before treatment" if before else "")
    return FileReading((Vote(Method.VENDOR, arch, role, confidence=VENDOR, evidence=evidence),), metadata)
