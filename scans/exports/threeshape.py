"""3Shape TRIOS: the simple mesh export (glued prefix) and the order folder with its order XML."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from patients.matching.identity import Identity
from scans.classification.verdict import Arch, Method, Role, Vote
from scans.classification.words import fold, looks_like_name, stem_of
from scans.exports.listing import Listing
from scans.exports.manifest import EntryKind, ExportFile, SeveralCases, Source
from scans.exports.reading import SIDECAR, VENDOR, ExportReader, FileReading, Reading, find_named, merge
from scans.exports.sidecar import Sidecar, XmlNode
from scans.exports.sorting import ending, folders_of
from scans.exports.values import unix_datetime

ROOT = "DentalContainer"

# The prefix is joined by nothing, a space, "_" or "-"; repeats are "BiteScan 2", "BiteScan2", "LowerJawScan_1".
SIMPLE = re.compile(
    r"(?P<jaw>upper|lower)?(?P<what>jaw|bite|abutment|preparation|antagonist|preprep|prepreparation|gingiva)scan"
    r"[ _-]?(?P<index>\d{1,2})?$",
    re.IGNORECASE | re.ASCII,
)
IN_ORDER = re.compile(
    r"(?:raw )?(?P<what>pre-?preparation|preparation|antagonist|bite|gingiva|abutment|occlusion)"
    r" ?scan ?(?P<index>\d{1,2})?",
    re.IGNORECASE | re.ASCII,
)

ROLES = {
    "jaw": Role.ARCH,
    "bite": Role.BITE,
    "occlusion": Role.BITE,
    "abutment": Role.SCAN_BODY,
    "preparation": Role.PREPARATION,
    "antagonist": Role.ANTAGONIST,
    "preprep": Role.PRE_PREPARATION,
    "prepreparation": Role.PRE_PREPARATION,
    "gingiva": Role.GINGIVA,
}
ARCHES = {"upper": Arch.UPPER, "lower": Arch.LOWER}

# "stPreperation" is 3Shape's spelling.
SCAN_TYPES = {
    "stPreperation": Role.PREPARATION,
    "stPreparation": Role.PREPARATION,
    "stPreparationIntraOral": Role.PREPARATION,
    "stAntagonistModel": Role.ANTAGONIST,
    "stAntagonistIntraOral": Role.ANTAGONIST,
    "stOcclusion": Role.BITE,
    "stGingivaMask": Role.GINGIVA,
    "stEmergence": Role.GINGIVA,
    "stImplantModel": Role.SCAN_BODY,
    "stWaxup": Role.WAX_UP,
    "stPreOperational": Role.PRE_PREPARATION,
    "stGenericPrePrep": Role.PRE_PREPARATION,
    "stImpression": Role.IMPRESSION,
}
DATES = ("CacheMaxScanDate", "MaxCreateDate", "OrderDate")
KEPT = ("IntOrderID", "ExtOrderID", "PatientGuid", "ScanSource", "Items")


class SimpleName(NamedTuple):
    prefix: str
    reading: FileReading


def simple_name(name: str) -> SimpleName | None:
    """ "JohnDoeUpperJawScan.stl": what stands before the scan's name, and what the scan is."""
    stem = stem_of(name)
    match = SIMPLE.search(stem)
    if not match or (match["what"].casefold() in ("jaw", "abutment") and not match["jaw"]):
        return None
    return SimpleName(stem[: match.start()].strip(" _-"), _reading(match, (match["jaw"] or "").casefold()))


def _order_name(file: ExportFile) -> FileReading | None:
    """A file of the order folder. Its arch is its parent folder, which `by_folder` reads."""
    match = IN_ORDER.fullmatch(stem_of(file.name))
    return _reading(match, "") if match and ending(file.name) in ("dcm", "hps") else None


def _reading(match: re.Match[str], jaw: str) -> FileReading:
    role = ROLES[match["what"].casefold().replace("-", "")]
    arch = Arch.BOTH if role is Role.BITE else ARCHES.get(jaw, Arch.UNKNOWN)
    index = int(match["index"]) if match["index"] else None
    words = [f"{jaw} jaw"] if jaw else []
    words += [str(role).replace("_", " ")] if role is not Role.ARCH else []
    evidence = f"3Shape's file name: {', '.join(words)}"
    return FileReading((Vote(Method.VENDOR, arch, role, index=index, confidence=VENDOR, evidence=evidence),))


def recognises(listing: Listing) -> bool:
    named = any(simple_name(file.name) or _order_name(file) for file in listing.meshes)
    return named or bool(listing.with_root(ROOT))


def read(listing: Listing) -> Reading:
    named = {file.path: found for file in listing.meshes if (found := _name_reading(file))}
    order = _the_order(listing)
    if order is None:
        return _without_order(listing, named)
    sidecar, values = order
    scans = _scans(sidecar)
    return Reading(
        Source.THREESHAPE,
        "3Shape TRIOS",
        values.get("IntOrderID") or values.get("ExtOrderID", ""),
        _identity(values),
        next((moment for name in DATES if (moment := unix_datetime(values.get(name, "")))), None),
        _metadata(values, scans, _missing(scans, listing)),
        merge(_scan_votes(scans, listing), named, _used(sidecar)),
    )


def _name_reading(file: ExportFile) -> FileReading | None:
    simple = simple_name(file.name)
    return _order_name(file) or (simple.reading if simple else None)


def _the_order(listing: Listing) -> tuple[Sidecar, dict[str, str]] | None:
    """The order XML; Materials.xml and others have the same root but no order in them."""
    orders = [
        (sidecar, values) for sidecar in listing.with_root(ROOT) for values in _items(sidecar, "TDM_Item_Order")[:1]
    ]
    ids = list(dict.fromkeys(values["IntOrderID"] for _, values in orders if values.get("IntOrderID")))
    if len(ids) > 1:
        raise SeveralCases(f"This upload holds {len(ids)} orders ({', '.join(ids)}). Send each on its own.", cases=ids)
    return orders[0] if orders else None


def _items(sidecar: Sidecar, kind: str) -> list[dict[str, str]]:
    """Properties of every object of one type: <Object type="..."><Property name="..." value="..."/>."""
    nodes = sidecar.root.iter("Object") if sidecar.root is not None else iter(())
    return [dict(_properties(node)) for node in nodes if node.get("type", "") == kind]


def _properties(node: XmlNode) -> Iterator[tuple[str, str]]:
    for child in node.findall("Property"):
        if value := child.get("value", "").strip():
            yield child.get("name", ""), value


def _identity(values: dict[str, str]) -> Identity:
    """As received: Patient_LastName is often the whole name, and Patient_FirstName empty."""
    return Identity(
        first_name=values.get("Patient_FirstName", ""),
        last_name=values.get("Patient_LastName", ""),
        chart_number=values.get("Patient_RefNo", ""),
    )


def _scans(sidecar: Sidecar) -> list[dict[str, str]]:
    return [scan for scan in _items(sidecar, "TDM_Item_Scan") if scan.get("ScanType")]


def _scan_votes(scans: Sequence[dict[str, str]], listing: Listing) -> dict[str, FileReading]:
    """FileName is often empty; then the folder and the file's own name decide."""
    paths = [file.path for file in listing.meshes]
    readings: dict[str, FileReading] = {}
    for scan in scans:
        role = SCAN_TYPES.get(scan["ScanType"], Role.UNKNOWN)
        path = find_named(scan.get("FileName", ""), paths)
        if path and role is not Role.UNKNOWN:
            arch = Arch.BOTH if role is Role.BITE else Arch.UNKNOWN
            evidence = f"3Shape's order calls this scan {str(role).replace('_', ' ')}"
            readings[path] = FileReading((Vote(Method.SIDECAR, arch, role, confidence=SIDECAR, evidence=evidence),))
    return readings


def missing_files(listing: Listing) -> list[str]:
    """Scans that the order names and that are not in the listing: a lost jaw must not look like success.

    Where an order names none, none is missing. Raises SeveralCases.
    """
    order = _the_order(listing)
    return _missing(_scans(order[0]), listing) if order else []


def _missing(scans: Sequence[dict[str, str]], listing: Listing) -> list[str]:
    there = {fold(entry.file.name) for entry in listing.entries}
    named = [scan.get("FileName", "") for scan in scans]
    return [name for name in named if name and fold(name.replace("\\", "/").rsplit("/", 1)[-1]) not in there]


def _metadata(values: dict[str, str], scans: Sequence[dict[str, str]], missing: Sequence[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: values[name] for name in KEPT if name in values}
    told = {"missing_files": list(missing)} if missing else {}
    return {**kept, **told, **({"scan_types": [scan["ScanType"] for scan in scans]} if scans else {})}


def _used(sidecar: Sidecar) -> dict[str, FileReading]:
    return {sidecar.path: FileReading(kind=EntryKind.SIDECAR, note="The order: names the patient and the scans.")}


def _without_order(listing: Listing, named: dict[str, FileReading]) -> Reading:
    """In practice the common case: bare meshes. The prefix is whatever the clinic typed, often the patient's name."""
    prefixes = (found.prefix for file in listing.meshes if (found := simple_name(file.name)))
    prefix = next((text for text in prefixes if text), "")
    is_name = looks_like_name(prefix)
    order_id = prefix if not is_name and any(letter.isdecimal() for letter in prefix) else _order_folder(listing)
    return Reading(
        Source.THREESHAPE, "3Shape TRIOS", order_id, Identity(full_name=prefix if is_name else ""), files=named
    )


def _order_folder(listing: Listing) -> str:
    """The folder above Scans/ is named by the order id."""
    for file in listing.meshes:
        folders = folders_of(file.path)
        above = [folders[at - 1] for at in range(1, len(folders)) if folders[at].casefold() == "scans"]
        if above:
            return above[-1]
    return ""


THREESHAPE = ExportReader(Source.THREESHAPE, recognises, read)
