"""DICOM with an encapsulated STL or OBJ. The model inside goes through our own readers.

DICOM pads values to even length, so the true length of the model stands in an element of its own (0042,0015).
"""

import io
import re
import struct
import warnings
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.valuerep import PersonName

from patients.matching.identity import Identity
from scans.meshes.errors import BadStructure, NotAMesh, Truncated
from scans.meshes.findings import Finding, Severity
from scans.meshes.readers.base import Reader, Reading, Source
from scans.meshes.readers.obj import ObjReader
from scans.meshes.readers.stl_ascii import AsciiStl
from scans.meshes.readers.stl_binary import BinaryStl, DamagedBinaryStl

_DEFLATED = b"1.2.840.10008.1.2.1.99"
"""Deflated transfer syntax: pydicom unpacks it without a limit before anything can be checked."""

_UNDEFINED_LENGTH = 0xFFFFFFFF

_INNER: tuple[Reader, ...] = (BinaryStl(), AsciiStl(), ObjReader(), DamagedBinaryStl())
_MODELS = {"1.2.840.10008.5.1.4.1.1.104.3": "STL", "1.2.840.10008.5.1.4.1.1.104.4": "OBJ"}
_MIME = {"model/stl", "model/x.stl-binary", "application/sla", "model/obj", "application/x-tgif"}
_WANTED = [
    "SOPClassUID",
    "SpecificCharacterSet",
    "EncapsulatedDocument",
    "EncapsulatedDocumentLength",
    "MIMETypeOfEncapsulatedDocument",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "ModelGroupUID",
    "MeasurementUnitsCodeSequence",
    "Manufacturer",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "FrameOfReferenceUID",
    "ContentDate",
    "AcquisitionDateTime",
]
_TOLD = {
    "model_group_uid": "ModelGroupUID",
    "mime_type": "MIMETypeOfEncapsulatedDocument",
    "sop_instance_uid": "SOPInstanceUID",
    "study_uid": "StudyInstanceUID",
    "series_uid": "SeriesInstanceUID",
    "frame_uid": "FrameOfReferenceUID",
    "manufacturer": "Manufacturer",
    "model": "ManufacturerModelName",
    "scanner_serial": "DeviceSerialNumber",
    "scan_time": "AcquisitionDateTime",
    "content_date": "ContentDate",
}
_UNREADABLE = (
    InvalidDicomError,
    BytesLengthException,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    struct.error,
    zlib.error,
)


class DicomReader:
    scan_format = "DCM"

    def accepts(self, source: Source) -> bool:
        return source.head[128:132] == b"DICM"

    def read(self, source: Source) -> Reading:
        if _DEFLATED in source.head[:2048]:
            raise NotAMesh(
                "This DICOM file is compressed as a whole, which is not accepted. Please export it uncompressed.",
                content="dicom_deflated",
            )
        with warnings.catch_warnings():
            # Warnings of pydicom quote values, and values are personal data.
            warnings.simplefilter("ignore")
            try:
                dataset = _dataset(source)
                model = _model(dataset)
                identity, told, unit = _identity(dataset), _told(dataset), _unit(dataset)
            except _UNREADABLE as error:
                raise BadStructure("This DICOM file is damaged. Please export it again.", code="bad_dicom") from error
        inner = _read_inner(source, model)
        return Reading(
            "DCM",
            f"DICOM with {inner.scan_format} {inner.encoding}",
            inner.mesh,
            (*inner.findings, *_unit_remarks(unit), *_length_remarks(dataset)),
            {**told, "unit": unit, "inner": inner.metadata},
            identity,
        )


def _dataset(source: Source) -> Dataset:
    # From memory: a length of 4 GB in a small file then reads what is there, where a file on disk reserves 4 GB first.
    return pydicom.dcmread(io.BytesIO(source.read_bytes()), specific_tags=list(_WANTED))


def _model(dataset: Dataset) -> bytes:
    """The encapsulated bytes without padding. Raises NotAMesh, Truncated."""
    kind, mime = str(dataset.get("SOPClassUID", "")), str(dataset.get("MIMETypeOfEncapsulatedDocument", "")).lower()
    if kind not in _MODELS and mime not in _MIME:
        raise NotAMesh(
            "This DICOM file holds an image or a document, not a surface scan. Please send the scan itself.",
            content="dicom",
        )
    stated = _stated_length(dataset)
    model = bytes(dataset.get("EncapsulatedDocument") or b"")
    length = int(dataset.get("EncapsulatedDocumentLength") or max(stated, len(model)))
    if not model or max(length, stated) > len(model):
        raise Truncated(
            "This DICOM file is cut off: the scan inside is not complete. Please export it again.",
            present=len(model),
            declared=length,
        )
    if len(model) - length > 1:
        raise BadStructure("This DICOM file contradicts itself. Please export it again.", code="count_mismatch")
    return model[:length]


def _stated_length(dataset: Dataset) -> int:
    """Bytes that the element of the model claims; pydicom takes what is there, even if the file ends before."""
    element = dataset.get_item("EncapsulatedDocument")
    if isinstance(element, RawDataElement) and element.length != _UNDEFINED_LENGTH:
        return element.length
    return 0


def _read_inner(source: Source, model: bytes) -> Reading:
    head = model[: source.limits.header_bytes]
    inner = replace(source, content=model, head=head, size=len(model))
    for reader in _INNER:
        if reader.accepts(inner):
            return reader.read(inner)
    raise NotAMesh("This DICOM file holds no scan that we know. Please send it as STL, PLY or OBJ.", content="dicom")


def _identity(dataset: Dataset) -> Identity:
    """Alphabetic name first; ideographic and phonetic forms as further names. Nothing is repaired."""
    name = PersonName(dataset.get("PatientName") or "")
    text = str(dataset.get("PatientBirthDate") or "").strip()
    alphabetic, *others = [_name_parts(group) for group in str(name).split("=")]
    has_parts = "^" in str(name)
    return Identity(
        first_name=alphabetic[0] if has_parts else "",
        last_name=alphabetic[1] if has_parts else "",
        full_name="" if has_parts else alphabetic[1],
        birth_date=_birth_date(text),
        birth_date_text=text,
        chart_number=str(dataset.get("PatientID") or "").strip(),
        other_names=tuple(other for other in others if any(other)),
    )


def _name_parts(group: str) -> tuple[str, str]:
    """`Family^Given^Middle^Prefix^Suffix` -> (given and middle, family)."""
    parts = [part.strip() for part in group.split("^")] + ["", "", ""]
    return " ".join(part for part in parts[1:3] if part), parts[0]


def _birth_date(text: str) -> date | None:
    """DICOM's YYYYMMDD, and YYYY.MM.DD of its predecessor."""
    found = re.fullmatch(r"(\d{4})(\.?)(\d{2})\2(\d{2})", text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


def _told(dataset: Dataset) -> dict[str, Any]:
    values = {key: str(dataset.get(keyword) or "").replace("\0", "").strip() for key, keyword in _TOLD.items()}
    return {key: value for key, value in values.items() if value}


def _unit(dataset: Dataset) -> str:
    """The UCUM code of the unit, empty if the file gives none."""
    codes = dataset.get("MeasurementUnitsCodeSequence") or []
    return str(codes[0].get("CodeValue") or "").strip()[:16] if len(codes) else ""


def _unit_remarks(unit: str) -> list[Finding]:
    if unit == "mm":
        return []
    if not unit:
        return [Finding("unit_missing", Severity.INFO, "The file does not state its unit; millimetres are assumed.")]
    return [
        Finding(
            "unit_not_mm",
            Severity.WARNING,
            "The file states another unit than millimetres. Nothing was converted: please check the size of the scan.",
            {"unit": unit},
        )
    ]


def _length_remarks(dataset: Dataset) -> list[Finding]:
    if dataset.get("EncapsulatedDocumentLength") is not None:
        return []
    return [
        Finding(
            "length_missing",
            Severity.WARNING,
            "The file does not state how long the scan inside is, so a missing end would not show. "
            "Please compare the scan with the scanner's screen.",
        )
    ]
