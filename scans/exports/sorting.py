"""What an entry of an export is, by its path alone."""

import re

from scans.classification.by_filename import by_filename
from scans.classification.verdict import Arch
from scans.exports.formats import (
    ARCHIVES,
    BACKUP_FOLDERS,
    DESIGN_FOLDERS,
    DESIGNS,
    DOCUMENTS,
    IMAGES,
    JUNK_FOLDERS,
    JUNK_NAMES,
    MATERIALS,
    MESHES,
    NATIVES,
    SIDECARS,
)
from scans.exports.manifest import EntryKind

CAD_NAME = re.compile(r"(?:^|[^a-z])cad$", re.IGNORECASE)

KINDS = (
    (MESHES, EntryKind.MESH, ""),
    (MATERIALS, EntryKind.COMPANION, "A material file."),
    (SIDECARS, EntryKind.SIDECAR, "A file beside the scans; nothing in it was needed."),
    (IMAGES | DOCUMENTS, EntryKind.DOCUMENT, "A picture or a document, no scan."),
    (DESIGNS, EntryKind.DESIGN, "Made by a design program, no scan."),
    (ARCHIVES, EntryKind.UNKNOWN, "An archive inside the upload is not opened: unpack it and send what is in it."),
)


def ending(name: str) -> str:
    return name.rsplit(".", 1)[-1].casefold() if "." in name else ""


def folders_of(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/")[:-1] if part)


def sort_entry(path: str) -> tuple[EntryKind, str]:
    """The kind of an entry and, unless it is a mesh, a sentence on what becomes of it."""
    name = path.rsplit("/", 1)[-1]
    if litter := _litter(path, name):
        return EntryKind.JUNK, litter
    suffix = ending(name)
    if suffix in NATIVES:
        return EntryKind.NATIVE, f"This is {NATIVES[suffix]}"
    for endings, kind, note in KINDS:
        if suffix in endings:
            return _design(path, name) if kind is EntryKind.MESH else (kind, note)
    return EntryKind.UNKNOWN, "No kind of file that we know; it is kept and not read."


def _litter(path: str, name: str) -> str:
    folders = {folder.casefold() for folder in folders_of(path)}
    # macOS puts an AppleDouble twin "._upper.stl" beside every file it zips.
    if not name or name.casefold() in JUNK_NAMES or name.startswith("._") or folders & JUNK_FOLDERS:
        return "Left by the operating system, no part of the export."
    if folders & BACKUP_FOLDERS:
        return "A backup copy of the scanner's program; the scan itself lies beside it."
    return ""


def _design(path: str, name: str) -> tuple[EntryKind, str]:
    stem = name.rsplit(".", 1)[0]
    folders = {folder.casefold() for folder in folders_of(path)}
    if CAD_NAME.search(stem) or stem.endswith("CAD"):
        return EntryKind.DESIGN, "A design (CAD), no scan."
    # 3Shape keeps crowns and models in CAD/; an arch that somebody put there still says so in its name.
    if folders & DESIGN_FOLDERS and (ending(name) == "dcm" or by_filename(path).arch is Arch.UNKNOWN):
        return EntryKind.DESIGN, "A design (CAD), no scan."
    return EntryKind.MESH, ""
