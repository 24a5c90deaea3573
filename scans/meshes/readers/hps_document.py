"""The XML around a 3Shape mesh (HIMSA packed scan): parsed without entities, measured before anything is decoded."""

import base64
import math
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from scans.meshes.errors import BadStructure, TooLarge, Truncated
from scans.meshes.limits import ReadLimits
from scans.meshes.readers.assemble import require_counts

_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*+={0,2}\s*")
"""Possessive: megabytes of blanks before a wrong character would otherwise take the square of their number."""

_TOLD = re.compile(r"SourceApp|Scanner\w*|ScanSource|\w*(?P<when>Time|Date|TimeStamp)", re.IGNORECASE)
"""Properties worth keeping. The rest is machine statistics, locks, and may be free text about the case."""
_AT_MOST = 200
"""Properties, and transforms: no scanner writes as many."""

_MATRIX = tuple(f"m{row}{column}" for row in range(4) for column in range(4))
_DAMAGED = "This 3Shape file is damaged. Please export it again."


@dataclass(frozen=True, slots=True)
class HpsDocument:
    """schema: CA, CB, CC, CE or whatever else is written. facets, vertices: the elements with the packed data."""

    root: Element
    schema: str
    facets: Element
    vertices: Element
    facet_count: int
    vertex_count: int

    @property
    def properties(self) -> dict[str, str]:
        found = self.root.findall("Properties/Property")
        return {p.get("name", ""): p.get("value", "") for p in found}

    def metadata(self) -> dict[str, Any]:
        """What the file says in clear, JSON values only. transforms: name -> 16 numbers, row by row; not applied."""
        kept = _told(self.properties)
        return {
            "schema": self.schema,
            "declared_faces": self.facet_count,
            "declared_vertices": self.vertex_count,
            "scanner_serial": kept.get("ScannerSerialNumber", ""),
            "source_application": kept.get("SourceApp", ""),
            "properties": kept,
            "transforms": _transforms(self.root),
        }


def _told(properties: dict[str, str]) -> dict[str, str]:
    """At most _AT_MOST of them; where there are more, scanner and program come before dates."""
    found = [match for name in properties if (match := _TOLD.fullmatch(name)) and 0 < len(properties[name]) <= 500]
    found.sort(key=lambda match: bool(match["when"]))
    return {match.string: properties[match.string] for match in found[:_AT_MOST]}


def parse_document(data: bytes, limits: ReadLimits) -> HpsDocument:
    """Raises TooLarge, Truncated, BadStructure."""
    if len(data) > limits.xml_bytes:
        raise TooLarge("This 3Shape file is larger than is accepted. Please export the scan as STL or PLY.")
    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        if not data.rstrip().endswith(b"</HPS>"):
            raise Truncated("This 3Shape file is cut off. Please export it again.", offset=len(data)) from error
        raise BadStructure(_DAMAGED, code="bad_xml") from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise BadStructure(_DAMAGED, code="bad_xml") from error
    return _document(root, limits)


def _document(root: Element, limits: ReadLimits) -> HpsDocument:
    schema = (root.findtext(".//Schema") or "").strip()
    packed = root.find(f".//Binary_data/{schema}") if re.fullmatch(r"[A-Z]{2}", schema) else None
    facets = packed.find(".//Facets") if packed is not None else None
    vertices = packed.find(".//Vertices") if packed is not None else None
    if facets is None or vertices is None:
        raise BadStructure(
            "This 3Shape file holds no scan. Please export it again.", code="no_geometry", schema=schema[:20]
        )
    counts = _count(facets, "facet_count"), _count(vertices, "vertex_count")
    require_counts(counts[1], counts[0], limits)
    return HpsDocument(root, schema, facets, vertices, *counts)


def _count(element: Element, name: str) -> int:
    text = element.get(name, "")
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise BadStructure(_DAMAGED, code="bad_count")
    return int(text)


def number(element: Element, name: str) -> int | None:
    """An attribute that is a whole number, or None."""
    text = element.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def packed_bytes(element: Element, size_name: str) -> bytes:
    """The base64 text of an element as bytes, complete. Raises BadStructure, Truncated.

    The standard decoder skips characters that are none of base64's, which turns a damaged file into shifted numbers.
    """
    text = element.text or ""
    if not _BASE64.fullmatch(text):
        raise BadStructure(_DAMAGED, code="bad_base64")
    try:
        data = base64.b64decode(text)
    except ValueError as error:
        raise BadStructure(_DAMAGED, code="bad_base64") from error
    declared = number(element, size_name)
    if declared is not None and len(data) < declared:
        raise Truncated("This 3Shape file is cut off. Please export it again.", present=len(data), declared=declared)
    return data


def _transforms(root: Element) -> dict[str, list[float]]:
    found = {}
    for annotation in islice(root.iterfind("Annotations/Annotation[@type='CoordinateTransform']"), _AT_MOST):
        name = annotation.find("String[@name='TransformID']")
        matrix = annotation.find("Matrix4x4")
        values = _finite(matrix) if matrix is not None else None
        if name is not None and values:
            found[name.get("value", "")[:200]] = values
    return found


def _finite(matrix: Element) -> list[float] | None:
    """Its sixteen numbers; None where one is missing, NaN or infinite, which no JSON can hold."""
    try:
        values = [float(matrix.get(place, "")) for place in _MATRIX]
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) else None
