"""Small meshes and the files that hold them, written here so that no fixture is taken from anywhere."""

import base64
import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from Crypto.Cipher import Blowfish
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

SHARED = Path(os.environ.get("ARCHWAY_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
KEY = "5,11,23,47,95,191,127,255,3,9,27,81"
"""A made-up key."""

CUBE = np.array([[x, y, z] for x in (0, 10) for y in (0, 10) for z in (0, 10)], np.float32)
"""(8, 3) corners of a cube of 10 mm."""

CUBE_FACES = np.array(
    [
        [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
        [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3],
    ]
)  # fmt: skip
"""(12, 3), wound outwards: the signed volume is +1000 mm³."""


def shared(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip("the shared sample scans are not on this machine (ARCHWAY_SHARED_DATA)")
    return path


def signed_volume(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> float:
    corners = vertices[faces].astype(np.float64)
    return float(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


def stl_binary(
    vertices: NDArray[np.float32] = CUBE,
    faces: NDArray[np.int64] = CUBE_FACES,
    *,
    header: bytes = b"made up",
    attributes: int = 0,
    normal: float = 1.0,
) -> bytes:
    corners = vertices[faces].astype("<f4").reshape(-1, 9)
    records = [struct.pack("<3f", 0, 0, normal) + c.tobytes() + struct.pack("<H", attributes) for c in corners]
    return header.ljust(80, b"\0")[:80] + struct.pack("<I", len(faces)) + b"".join(records)


def stl_ascii(vertices: NDArray[np.float32] = CUBE, faces: NDArray[np.int64] = CUBE_FACES, name: str = "cube") -> str:
    lines = [f"solid {name}"]
    for face in faces:
        lines += ["facet normal 0 0 1", " outer loop"]
        lines += [f"  vertex {x} {y} {z}" for x, y, z in vertices[face].tolist()]
        lines += [" endloop", "endfacet"]
    return "\n".join([*lines, f"endsolid {name}", ""])


def ply_header(encoding: str, *, points: int = 8, faces: int = 12, extra: str = "", lists: str = "uchar int") -> str:
    return (
        f"ply\nformat {encoding} 1.0\ncomment made up\nelement vertex {points}\nproperty float x\nproperty float y\n"
        f"property float z\n{extra}element face {faces}\nproperty list {lists} vertex_indices\nend_header\n"
    )


def ply_binary(order: str = "<", vertices: NDArray[np.float32] = CUBE, faces: NDArray[np.int64] = CUBE_FACES) -> bytes:
    encoding = "binary_little_endian" if order == "<" else "binary_big_endian"
    body = vertices.astype(f"{order}f4").tobytes()
    body += b"".join(struct.pack(f"{order}B3i", 3, *face) for face in faces.tolist())
    return ply_header(encoding, points=len(vertices), faces=len(faces)).encode() + body


def ply_ascii(vertices: NDArray[np.float32] = CUBE, faces: NDArray[np.int64] = CUBE_FACES) -> str:
    lines = [f"{x} {y} {z}" for x, y, z in vertices.tolist()] + [f"3 {a} {b} {c}" for a, b, c in faces.tolist()]
    return ply_header("ascii", points=len(vertices), faces=len(faces)) + "\n".join(lines) + "\n"


def obj(vertices: NDArray[np.float32] = CUBE, faces: NDArray[np.int64] = CUBE_FACES) -> str:
    lines = [f"v {x} {y} {z}" for x, y, z in vertices.tolist()]
    lines += [f"f {a} {b} {c}" for a, b, c in (faces + 1).tolist()]
    return "# made up\n" + "\n".join(lines) + "\n"


def hps(
    schema: str = "CC",
    vertices: NDArray[np.float32] = CUBE,
    faces: NDArray[np.int64] = CUBE_FACES,
    *,
    key: bytes = b"",
    wide: bool = False,
    checked: bool = True,
    colors: str = "",
) -> bytes:
    """Facets as one restart command each: 16-bit indices (opcode 5), or `wide`: the same opcode with 32 bits."""
    facets = b"".join(struct.pack("<B3I" if wide else "<B3H", 5, *face) for face in faces.tolist())
    points = vertices.astype("<f4").tobytes()
    check = int.from_bytes(zlib.adler32(points).to_bytes(4, "little"), "big")
    packed = _encrypted(points, key) if key else points
    check_value = f' check_value="{check}"' if key and checked else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<HPS version="1.1"><Packed_geometry><Schema>{schema}</Schema>'
        f'<Binary_data><{schema} version="1.0"><Facets facet_count="{len(faces)}" base64_encoded_bytes="{len(facets)}">'
        f"{base64.b64encode(facets).decode()}</Facets>"
        f'<Vertices vertex_count="{len(vertices)}" base64_encoded_bytes="{len(points)}"{check_value}>'
        f"{base64.b64encode(packed).decode()}</Vertices></{schema}></Binary_data></Packed_geometry>{colors}"
        '<Properties><Property name="ScannerSerialNumber" value="MADE-UP-1"/></Properties></HPS>'
    ).encode()


def _encrypted(data: bytes, key: bytes) -> bytes:
    words = np.frombuffer(data + bytes(-len(data) % 8), "<u4").astype(">u4").tobytes()
    sealed = Blowfish.new(key, Blowfish.MODE_ECB).encrypt(words)  # noqa: S304 - what the format prescribes
    return np.frombuffer(sealed, ">u4").astype("<u4").tobytes()


def dicom(model: bytes, *, unit: str = "mm", sop: str = "1.2.840.10008.5.1.4.1.1.104.3", **values: str) -> bytes:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = sop
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = "2.25.1"
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.MIMETypeOfEncapsulatedDocument = "model/stl"
    dataset.EncapsulatedDocument = model + bytes(len(model) % 2)
    dataset.EncapsulatedDocumentLength = len(model)
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = unit, "UCUM", unit
    dataset.MeasurementUnitsCodeSequence = [code]
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


WHOLE_FILES: dict[str, bytes] = {
    "stl binary": stl_binary(),
    "stl ascii": stl_ascii().encode(),
    "ply little": ply_binary("<"),
    "ply big": ply_binary(">"),
    "ply ascii": ply_ascii().encode(),
    "obj": obj().encode(),
    "hps": hps(),
    "dicom": dicom(stl_binary()),
}
"""The cube in every format that is read."""
