"""exocad's folder, as Shining 3D, Medit and DS Core write it too: .dentalProject, .matrix4, meshes in three formats."""

import re
from datetime import datetime
from typing import Any

from patients.matching.identity import Identity
from scans.classification.verdict import Arch, Method, Role, Vote
from scans.classification.words import fold, stem_of
from scans.exports.listing import Listing
from scans.exports.manifest import EntryKind, ExportFile, SeveralCases, Source
from scans.exports.reading import VENDOR, ExportReader, FileReading, Reading, merge
from scans.exports.sidecar import Sidecar, text_of
from scans.exports.sorting import ending
from scans.exports.values import iso_date, iso_datetime, matrix, numbers_in

MATRIX_BYTES = 16 * 1024
PART = re.compile(
    r"(?:^|[-_ ])(?:(?P<jaw>upper|lower)jaw(?:-(?P<what>situ|marker|gingiva|waxup))?|totaljaw(?P<bite>\d{1,2}))$",
    re.IGNORECASE | re.ASCII,
)
FOLDER = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})_(?P<id>[\w-]*\d[\w-]*?)_(?P<patient>.+?)_exo", re.IGNORECASE)

ARCHES = {"upper": Arch.UPPER, "lower": Arch.LOWER}
ROLES = {
    "": Role.ARCH,
    "situ": Role.PRE_PREPARATION,
    "marker": Role.SCAN_BODY,
    "gingiva": Role.GINGIVA,
    "waxup": Role.WAX_UP,
}
BIRTH = tuple(f".//Patient/{tag}" for tag in ("PatientBirthDate", "PatientDateOfBirth", "DateOfBirth", "BirthDate"))
NO_ID = frozenset({"", "0", "-1", "00000000-0000-0000-0000-000000000000"})
"""PatientId 0 and an all-zero GUID mean that there is none."""


def part_of(name: str) -> FileReading | None:
    """ "...-UpperJaw" is an arch, "...-TotalJaw0" holds both jaws: a bite, counted from 0."""
    match = PART.search(stem_of(name))
    if not match:
        return None
    if match["bite"]:
        index = int(match["bite"])
        evidence = f"exocad's file name: both jaws together, number {index}"
        return FileReading(
            (Vote(Method.VENDOR, Arch.BOTH, Role.BITE, index=index, confidence=VENDOR, evidence=evidence),)
        )
    arch, role = ARCHES[match["jaw"].casefold()], ROLES[(match["what"] or "").casefold()]
    words = f"the {arch} jaw" if role is Role.ARCH else f"the {arch} jaw, {str(role).replace('_', ' ')}"
    return FileReading((Vote(Method.VENDOR, arch, role, confidence=VENDOR, evidence=f"exocad's file name: {words}"),))


def projects(listing: Listing) -> list[Sidecar]:
    return [sidecar for sidecar in listing.sidecars if ending(sidecar.path) == "dentalproject"]


def recognises(listing: Listing) -> bool:
    named = any(part_of(file.name) for file in listing.meshes)
    return named or bool(projects(listing)) or any(FOLDER.fullmatch(folder) for folder in listing.folders)


def read(listing: Listing) -> Reading:
    named = {file.path: found for file in listing.meshes if (found := part_of(file.name))}
    project = the_project(listing)
    in_folder = next((match for folder in listing.folders if (match := FOLDER.fullmatch(stem_of(folder)))), None)
    identity = identity_in(project)
    if in_folder and not identity.has_name:
        identity = Identity(full_name=in_folder["patient"].strip(), chart_number=identity.chart_number)
    return Reading(
        Source.EXOCAD,
        "exocad",
        order_id_in(project) or (in_folder["id"] if in_folder else ""),
        identity,
        captured_in(project) or (iso_datetime(in_folder["date"]) if in_folder else None),
        metadata_in(project),
        merge(named, matrices(listing), used(project)),
    )


def the_project(listing: Listing) -> Sidecar | None:
    """The one .dentalProject that can be read; two of different treatments are two cases."""
    readable = [sidecar for sidecar in projects(listing) if sidecar.root is not None]
    ids = list(dict.fromkeys(order_id_in(sidecar) for sidecar in readable))
    if len(ids) > 1 and all(ids):
        raise SeveralCases(f"This upload holds {len(ids)} exocad projects. Send each on its own.", cases=ids)
    return readable[0] if readable else None


def order_id_in(project: Sidecar | None) -> str:
    """Of an export that is written again, the project's id stays the same."""
    ids = (text_of(project.root, f".//{tag}") for tag in ("ProjectGUID", "ProjectUniqueId")) if project else ()
    return next((found for found in ids if found not in NO_ID), "")


def identity_in(project: Sidecar | None) -> Identity:
    """PatientName is the surname where a first name stands beside it, else the one string that was typed."""
    root = project.root if project else None
    first, name = text_of(root, ".//Patient/PatientFirstName"), text_of(root, ".//Patient/PatientName")
    birth, number = text_of(root, *BIRTH), text_of(root, ".//Patient/PatientId")
    birth_date = iso_date(birth)
    is_given = birth_date is not None or not birth.startswith(("0001", "1753"))
    return Identity(
        first_name=first,
        last_name=name if first else "",
        full_name="" if first else name,
        birth_date=birth_date,
        birth_date_text=birth if is_given else "",
        chart_number="" if number in NO_ID else number,
    )


def captured_in(project: Sidecar | None) -> datetime | None:
    return iso_datetime(text_of(project.root, ".//DateTime", ".//ScanDate", ".//CreationDate")) if project else None


def metadata_in(project: Sidecar | None) -> dict[str, Any]:
    if project is None or project.root is None:
        return {}
    numbers = [(node.findtext("Number") or "").strip() for node in project.root.findall(".//Teeth/Tooth")]
    teeth = list(dict.fromkeys(int(text) for text in numbers if text.isdecimal() and len(text) <= len("48")))
    return {"teeth": {"system": "FDI", "numbers": teeth}} if teeth else {}


def used(project: Sidecar | None) -> dict[str, FileReading]:
    note = "The project: names the patient and the work."
    return {project.path: FileReading(kind=EntryKind.SIDECAR, note=note)} if project else {}


def matrices(listing: Listing) -> dict[str, FileReading]:
    """The .matrix4 beside a mesh of the same stem becomes its transform."""
    readings: dict[str, FileReading] = {}
    for entry in listing.entries:
        if entry.kind is EntryKind.SIDECAR and ending(entry.file.name) == "matrix4":
            values = _matrix(entry.file)
            note = "The position of a scan." if values else "This matrix is broken; the scan keeps its own position."
            readings[entry.path] = FileReading(note=note)
            if values:
                transform = {"transform": matrix(values, stored="last_row")}
                readings |= {path: FileReading(metadata=transform) for path in _beside(entry.file, listing)}
    return readings


def _matrix(file: ExportFile) -> list[float] | None:
    if file.size > MATRIX_BYTES:
        return None
    return numbers_in(file.read()[:MATRIX_BYTES].decode("utf-8-sig", errors="replace"))


def _beside(file: ExportFile, listing: Listing) -> list[str]:
    stem = fold(file.path.rsplit(".", 1)[0])
    return [mesh.path for mesh in listing.meshes if fold(mesh.path.rsplit(".", 1)[0]) == stem]


EXOCAD = ExportReader(Source.EXOCAD, recognises, read)
