"""Slow and simple looks into containers: the mesh in a DICOM, the points of an HPS, the checksums of a zip."""

import base64
import struct
import zlib
from pathlib import Path

import numpy as np
from defusedxml.minidom import parseString
from numpy.typing import NDArray

from scans.meshes.archive_entries import Extracted

MODEL, MODEL_LENGTH = b"\x42\x00\x11\x00OB\x00\x00", b"\x42\x00\x15\x00UL\x04\x00"
"""Encapsulated Document (0042,0011) and its length (0042,0015), explicit and little-endian."""


def dicom_model(data: bytes, *, has_length: bool) -> bytes | None:
    """The encapsulated bytes; None where they stand in another transfer syntax than ours, or more than once.

    has_length: whether the reader has found the length; its tag may also lie within another element's value.
    """
    if data.count(MODEL) != 1 or data.count(MODEL_LENGTH) != 1:
        return None
    at = data.index(MODEL) + len(MODEL)
    (size,) = struct.unpack_from("<I", data, at)
    (length,) = struct.unpack_from("<I", data, data.index(MODEL_LENGTH) + len(MODEL_LENGTH))
    return data[at + 4 : at + 4 + (min(size, length or size) if has_length else size)]


def hps_points(data: bytes) -> tuple[int, NDArray[np.float32]]:
    """(facets, (V, 3) points) that the file declares and holds."""
    document = parseString(data)
    schema = document.getElementsByTagName("Schema")[0].firstChild.data.strip()
    packed = document.getElementsByTagName("Binary_data")[0].getElementsByTagName(schema)[0]
    facets, vertices = packed.getElementsByTagName("Facets")[0], packed.getElementsByTagName("Vertices")[0]
    count = int(vertices.getAttribute("vertex_count"))
    text = "".join(node.data for node in vertices.childNodes if node.nodeType in (3, 4))
    raw = base64.b64decode(text)
    return int(facets.getAttribute("facet_count")), np.frombuffer(raw, "<f4", 3 * count).reshape(-1, 3)


def require_in_folder(member: Extracted, folder: Path) -> None:
    """An unpacked file lies in the folder under a number, as long as the archive said."""
    if member.file is None:
        return
    assert member.file.parent == folder
    assert member.file.name.isdigit()
    assert not member.file.is_symlink()
    if not member.member.container:
        assert member.file.stat().st_size == member.member.declared_bytes


def require_listed_checksum(data: bytes, member: Extracted) -> None:
    """The checksum of an unpacked file stands in the archive's own list. A 7z may leave it out."""
    if member.file is not None and not member.member.container:
        assert struct.pack("<I", zlib.crc32(member.file.read_bytes())) in data
