"""Medit Link: three naming schemes, and the case folder that carries what the clinic typed."""

import re
from datetime import datetime
from typing import NamedTuple

from patients.matching.identity import Identity
from scans.classification.verdict import Arch, Method, Role, Vote
from scans.classification.words import fold, stem_of
from scans.exports.exocad import (
    captured_in,
    identity_in,
    matrices,
    metadata_in,
    order_id_in,
    the_project,
    used,
)
from scans.exports.listing import Listing
from scans.exports.manifest import EntryKind, Source
from scans.exports.reading import VENDOR, ExportReader, FileReading, Reading, merge
from scans.exports.sorting import ending
from scans.exports.values import iso_datetime

DATE = r"(?P<date>(?:19|20)\d\d-\d\d-\d\d)"
# English "2026-09-09-Doe's Case"; the Korean forms are inferred from the English one.
CASE_FOLDER = re.compile(
    DATE + r"[-_ ]+(?P<patient>.+?)(?:['’]s[ _]case|[ _]case|의 ?케이스|님 ?케이스|[ _]케이스)", re.IGNORECASE
)
DATED_PART = re.compile(DATE + r"-(?P<patient>.+)-(?P<part>maxillary|mandibular|occlusion(?:first|second|third))")
EXOCAD_PART = re.compile(
    r"(?P<patient>.*?)[-_ ]?"
    r"(?P<part>(?:upper|lower)jaw(?:-situ|-marker|-gingiva|-waxup)?|occlusion(?:first|second|third))"
)
LAB_PART = re.compile(r"(?:.+[-_ ])?(?P<part>(?:maxilla|mandible)_(?:base|preop|scanbody|gingiva))", re.IGNORECASE)
MARGIN = "marginline"

JAWS = {
    "maxilla": Arch.UPPER,
    "upperja": Arch.UPPER,
    "mandibu": Arch.LOWER,
    "mandibl": Arch.LOWER,
    "lowerja": Arch.LOWER,
}
KINDS = {
    "situ": Role.PRE_PREPARATION,
    "preop": Role.PRE_PREPARATION,
    "marker": Role.SCAN_BODY,
    "scanbody": Role.SCAN_BODY,
    "gingiva": Role.GINGIVA,
    "waxup": Role.WAX_UP,
}
BITES = {"first": 1, "second": 2, "third": 3}


class MeditName(NamedTuple):
    patient: str
    date: str
    reading: FileReading


def medit_name(name: str) -> MeditName | None:
    """Lower case parts are Medit's; exocad itself writes "-UpperJaw"."""
    stem = stem_of(name)
    match = DATED_PART.fullmatch(stem) or EXOCAD_PART.fullmatch(stem) or LAB_PART.fullmatch(stem)
    if not match:
        return None
    groups = match.groupdict()
    return MeditName(groups.get("patient") or "", groups.get("date") or "", _reading(match["part"].casefold()))


def _reading(part: str) -> FileReading:
    if part.startswith("occlusion"):
        index = BITES[part.removeprefix("occlusion")]
        vote = Vote(
            Method.VENDOR, Arch.BOTH, Role.BITE, index=index, confidence=VENDOR, evidence="Medit's file name: a bite"
        )
        return FileReading((vote,))
    arch, kind = JAWS[part[:7]], re.split("[-_]", part)[-1]
    role = KINDS.get(kind, Role.ARCH)
    words = f"the {arch} jaw" if role is Role.ARCH else f"the {arch} jaw, {str(role).replace('_', ' ')}"
    return FileReading((Vote(Method.VENDOR, arch, role, confidence=VENDOR, evidence=f"Medit's file name: {words}"),))


def has_case_folder(listing: Listing) -> bool:
    return any(CASE_FOLDER.fullmatch(stem_of(folder)) for folder in listing.folders)


def recognises(listing: Listing) -> bool:
    return has_case_folder(listing) or any(medit_name(file.name) for file in listing.meshes)


def read(listing: Listing) -> Reading:
    names = {file.path: found for file in listing.meshes if (found := medit_name(file.name))}
    case = next((match for folder in listing.folders if (match := CASE_FOLDER.fullmatch(stem_of(folder)))), None)
    project = the_project(listing)
    return Reading(
        Source.MEDIT,
        "Medit",
        order_id_in(project),
        _identity(case, identity_in(project), list(names.values())),
        _captured(case, list(names.values())) or captured_in(project),
        metadata_in(project) | _differs(case, list(names.values())),
        merge(
            {path: found.reading for path, found in names.items()}, matrices(listing), used(project), _margins(listing)
        ),
    )


def _identity(case: re.Match[str] | None, project: Identity, names: list[MeditName]) -> Identity:
    """The folder carries what the clinic typed; the name inside a file name may be another person's."""
    if case:
        return Identity(
            full_name=case["patient"].strip(),
            birth_date=project.birth_date,
            birth_date_text=project.birth_date_text,
            chart_number=project.chart_number,
        )
    if not project.is_empty:
        return project
    return Identity(full_name=next((found.patient.strip() for found in names if found.date and found.patient), ""))


def _captured(case: re.Match[str] | None, names: list[MeditName]) -> datetime | None:
    dates = [case["date"]] if case else []
    dates += [found.date for found in names if found.date]
    return next((moment for text in dates if (moment := iso_datetime(text))), None)


def _differs(case: re.Match[str] | None, names: list[MeditName]) -> dict[str, bool]:
    """Worth a look by whoever links the case, without repeating either name."""
    inside = {fold(found.patient.strip()) for found in names if found.date and found.patient}
    return {"file_names_carry_another_name": True} if case and inside - {fold(case["patient"].strip())} else {}


def _margins(listing: Listing) -> dict[str, FileReading]:
    lines = [
        entry.path for entry in listing.entries if MARGIN in entry.file.name.casefold() and ending(entry.path) == "pts"
    ]
    return dict.fromkeys(lines, FileReading(kind=EntryKind.DESIGN, note="A margin line drawn on a scan, no scan."))


MEDIT = ExportReader(Source.MEDIT, recognises, read)
MEDIT_CASE = ExportReader(Source.MEDIT, has_case_folder, read)
"""By the folder alone, which nobody else writes, whatever the scans in it are called."""
