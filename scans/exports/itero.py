"""iTero and OrthoCAD exports: order XML v1.0 to v5.0, shell names, jaw names."""

from collections.abc import Iterator, Sequence
from typing import Any

from patients.matching.identity import Identity
from scans.classification.verdict import Arch, Method, Role, Vote
from scans.exports.itero_names import EXPORT_XML, itero_name, order_in, order_in_folder
from scans.exports.listing import Listing
from scans.exports.manifest import EntryKind, SeveralCases, Source
from scans.exports.reading import SIDECAR, ExportReader, FileReading, Reading, find_named, merge
from scans.exports.sidecar import Sidecar, XmlNode, local_name, text_of
from scans.exports.values import matrix, numbers_in, us_datetime

ROOT = "iTeroExport"
JAWS = {"upper": Arch.UPPER, "lower": Arch.LOWER}
SUBTYPES = {"jaw": Role.ARCH, "pretreatment_jaw": Role.PRE_PREPARATION}


def recognises(listing: Listing) -> bool:
    named = any(order_in(file.name) for file in listing.meshes)
    return named or bool(listing.with_root(ROOT)) or any(order_in_folder(folder) for folder in listing.folders)


def read(listing: Listing) -> Reading:
    orders = listing.with_root(ROOT)
    named = {file.path: found.reading for file in listing.meshes if (found := itero_name(file.name))}
    if not orders:
        return Reading(Source.ITERO, "iTero", _order_id(listing), files=named)
    best = max(orders, key=_version)
    _one_order(orders)
    root = best.root
    return Reading(
        Source.ITERO,
        "iTero",
        _order_in_xml(best) or _order_id(listing),
        Identity(full_name=text_of(root, "RxInfo/Patient"), chart_number=text_of(root, "RxInfo/ChartNumber")),
        us_datetime(text_of(root, "RxInfo/ExportTime"), text_of(root, "RxInfo/UtcOffset")),
        _metadata(best, listing),
        merge(_objects(best, listing), named, _used(best, orders)),
    )


def _order_id(listing: Listing) -> str:
    from_files = (order_in(entry.file.name) for entry in listing.entries)
    from_folders = (order_in_folder(folder) for folder in listing.folders)
    return next((found for found in (*from_files, *from_folders) if found), "")


def _order_in_xml(sidecar: Sidecar) -> str:
    # v2.4 names the order CaseId, v3.0 and later OrderID.
    return text_of(sidecar.root, "RxInfo/OrderID", "RxInfo/CaseId")


def _one_order(orders: Sequence[Sidecar]) -> None:
    ids = list(dict.fromkeys(found for order in orders if (found := _order_in_xml(order))))
    if len(ids) > 1:
        raise SeveralCases(f"This upload holds {len(ids)} orders ({', '.join(ids)}). Send each on its own.", cases=ids)


def _version(sidecar: Sidecar) -> float:
    """The root says "5.0", the file name "_v50"; the highest version of one order tells most."""
    text = sidecar.root.get("Version", "") if sidecar.root is not None else ""
    try:
        return float(text)
    except ValueError:
        match = EXPORT_XML.fullmatch(sidecar.path.rsplit("/", 1)[-1])
        return float(match["version"][:3]) / 10 if match and match["version"] else 0.0


def _used(best: Sidecar, orders: Sequence[Sidecar]) -> dict[str, FileReading]:
    older = f"An older version of this order's XML; version {_version(best):.1f} is used."
    notes = {order.path: older for order in orders}
    notes[best.path] = f"The order, version {_version(best):.1f}: names the patient and the scans."
    return {path: FileReading(kind=EntryKind.SIDECAR, note=note) for path, note in notes.items()}


def _exported(sidecar: Sidecar) -> list[XmlNode]:
    return sidecar.root.findall("ExportedObjects/Object") if sidecar.root is not None else []


def _objects(sidecar: Sidecar, listing: Listing) -> dict[str, FileReading]:
    """What the order says of its files: jaw and kind of every surface, and which picture colours it."""
    paths = [entry.path for entry in listing.entries if entry.kind is not EntryKind.JUNK]
    textures = {_slot(node): found for node, found in _found(sidecar, "texture", paths)}
    readings: dict[str, FileReading] = {}
    for node, path in _found(sidecar, "surface", paths):
        companions = (textures[_slot(node)],) if _slot(node) in textures else ()
        readings[path] = FileReading((_vote(node),), _placed(node, sidecar), companions=companions)
    return readings


def _placed(node: XmlNode, sidecar: Sidecar) -> dict[str, Any]:
    """The matrix of a surface, where the order says so: inside its object, or marked with its jaw or its file."""
    own = [values for inner in node.iter() if _is_transform(inner) and (values := numbers_in(inner.text or ""))]
    marked = own or [values for other, values in _matrices(sidecar) if _is_about(other, node)]
    return {"transform": matrix(marked[0], stored="last_column")} if len(marked) == 1 else {}


def _is_about(transform: XmlNode, surface: XmlNode) -> bool:
    """By the file's name, or by the jaw of a working scan: a matrix without either is about nobody knows what."""
    name, jaw = transform.get("FileName", ""), transform.get("JawId", "").casefold()
    if name:
        return name == surface.get("FileName")
    return bool(jaw) and _slot(surface) == ("jaw", jaw)


def _is_transform(node: XmlNode) -> bool:
    return "transform" in local_name(node.tag).casefold()


def _matrices(sidecar: Sidecar) -> list[tuple[XmlNode, list[float]]]:
    nodes = sidecar.root.iter() if sidecar.root is not None else ()
    found = ((node, numbers_in(node.text or "")) for node in nodes if _is_transform(node))
    return [(node, values) for node, values in found if values]


def _found(sidecar: Sidecar, kind: str, paths: Sequence[str]) -> Iterator[tuple[XmlNode, str]]:
    for node in _exported(sidecar):
        path = find_named(node.get("FileName", ""), paths)
        if node.get("ObjectType", "").casefold() == kind and path:
            yield node, path


def _slot(node: XmlNode) -> tuple[str, str]:
    return node.get("SubType", "").casefold(), node.get("JawId", "").casefold()


def _vote(node: XmlNode) -> Vote:
    subtype, jaw = _slot(node)
    arch, role = JAWS.get(jaw, Arch.UNKNOWN), SUBTYPES.get(subtype, Role.UNKNOWN)
    known = arch is not Arch.UNKNOWN or role is not Role.UNKNOWN
    words = ["before treatment"] if role is Role.PRE_PREPARATION else []
    evidence = " ".join(["iTero's order names this file:", f"{arch} jaw" if jaw in JAWS else "a jaw", *words])
    return Vote(Method.SIDECAR, arch, role, confidence=SIDECAR if known else 0.0, evidence=evidence if known else "")


def _metadata(sidecar: Sidecar, listing: Listing) -> dict[str, Any]:
    root = sidecar.root
    texts = {
        "order_code": text_of(root, "RxInfo/OrderCode"),
        "case_type": text_of(root, "RxInfo/CaseTypeName"),
        "due_date": text_of(root, "RxInfo/DueDate"),
        "scanner_version": text_of(root, "RxInfo/iTeroVersion"),
    }
    lists: dict[str, Any] = {
        "teeth": _teeth(sidecar),
        "transforms": _transforms(sidecar),
        "missing_files": _missing(sidecar, listing),
    }
    return {key: value for key, value in {**texts, **lists, "xml_version": f"{_version(sidecar):.1f}"}.items() if value}


def _teeth(sidecar: Sidecar) -> dict[str, Any]:
    """iTero counts teeth by the ADA's universal system; the system stands beside the numbers."""
    nodes = sidecar.root.findall("RxInfo/Teeth/Tooth") if sidecar.root is not None else []
    numbers = [int(text) for node in nodes if (text := node.get("AdaId", "")).isdecimal() and len(text) <= len("32")]
    return {"system": "ADA", "numbers": numbers} if numbers else {}


def _transforms(sidecar: Sidecar) -> list[dict[str, Any]]:
    found = _matrices(sidecar)
    return [{"name": local_name(node.tag), **matrix(values, stored="last_column")} for node, values in found]


def _missing(sidecar: Sidecar, listing: Listing) -> list[str]:
    """Scans the order names that did not come along: a lost jaw must not look like success."""
    paths = [entry.path for entry in listing.entries]
    names = [
        node.get("FileName", "") for node in _exported(sidecar) if node.get("ObjectType", "").casefold() == "surface"
    ]
    return [name for name in names if name and find_named(name, paths) is None]


ITERO = ExportReader(Source.ITERO, recognises, read)
