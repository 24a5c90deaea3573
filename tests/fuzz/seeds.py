"""What the fuzzer starts from: small files of every kind, made here, and whatever lies in `seeds/<target>`."""

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.meshes.readers.samples import (
    CUBE,
    CUBE_FACES,
    KEY,
    dicom,
    hps,
    obj,
    ply_ascii,
    ply_binary,
    ply_header,
    stl_ascii,
    stl_binary,
)
from tests.meshes.seven_zips import STORED, renamed, sevenzipped, with_attributes

FOLDER = Path(__file__).parent / "seeds"
PARTS = b"\n--part--\n"
"""Between an OBJ, its library and its picture in one input."""

TWO = CUBE_FACES[:2]


def stl_binary_seeds() -> list[bytes]:
    colored = stl_binary(faces=TWO, header=b"COLOR=\x0a\x14\x1e\xff", attributes=31)
    return [stl_binary(), stl_binary(faces=TWO) + b"end", colored, stl_binary(faces=TWO, attributes=0x8000 | 31)]


def stl_ascii_seeds() -> list[bytes]:
    exponents = stl_ascii(faces=TWO).replace("10.0", "1.000000e+01").replace("0.0", "0.000000e+000")
    indented = stl_ascii(faces=TWO).replace("  vertex", "\t      vertex").replace("\n", "\r\n")
    broken = stl_ascii(faces=TWO).replace("0 0 1", "-nan(ind) 1.#QNAN -0")
    texts = [stl_ascii(), stl_ascii(faces=TWO).upper(), exponents, indented, broken, stl_ascii(faces=TWO) * 2]
    return [text.encode() for text in texts] + [stl_ascii(faces=TWO).encode() + b"\0\0\x1a"]


def ply_binary_seeds() -> list[bytes]:
    color = "property uchar red\nproperty uchar green\nproperty uchar blue\n"
    points = np.zeros(8, [("p", "<f4", 3), ("c", "u1", 3)])
    points["p"], points["c"] = CUBE, 200
    faces = b"".join(b"\x03" + row.astype("<i4").tobytes() for row in TWO)
    colored = ply_header("binary_little_endian", faces=2, extra=color).encode() + points.tobytes() + faces
    mixed = b"\x04" + np.array([0, 1, 3, 2], "<i4").tobytes() + b"\x03" + np.array([4, 6, 7], "<i4").tobytes()
    polygons = ply_header("binary_little_endian", faces=2).encode() + CUBE.astype("<f4").tobytes() + mixed
    wide = ply_header("binary_big_endian", faces=2, lists="uint ushort").encode() + CUBE.astype(">f4").tobytes()
    wide += b"".join(b"\0\0\0\x03" + row.astype(">u2").tobytes() for row in TWO)
    crlf = ply_binary(faces=TWO).replace(b"\n", b"\r\n", 9)
    return [ply_binary("<"), ply_binary(">", faces=TWO), colored, polygons, wide, crlf]


def ply_ascii_seeds() -> list[bytes]:
    color = "property uchar red\nproperty uchar green\nproperty uchar blue\n"
    rows = "".join(f"{x:.6f} {y:.3e} {z:g} 1 2 255\n" for x, y, z in CUBE.tolist())
    polygons = ply_header("ascii", faces=2, extra=color) + rows + "4 0 1 3 2\n3 4 6 7\n"
    swapped = (
        "ply\nformat ascii 1.0\nelement face 1\nproperty list uchar int vertex_index\nelement vertex 3\n"
        "property float x\nproperty float y\nproperty float z\nend_header\n3 0 1 2\n0 0 0\n1 0 0\n0 1 -1e-3\n"
    )
    return [text.encode() for text in (ply_ascii(), polygons, swapped, ply_ascii(faces=TWO).replace("\n", "\r\n"))]


def obj_seeds() -> list[bytes]:
    points = "".join(f"v {x:.6f} {y:.6f} {z:.6f}\n" for x, y, z in CUBE.tolist())
    colored = "".join(f"v {x} {y} {z} 0.5 0.25 1.0\n" for x, y, z in CUBE.tolist())
    corners = points + "vt 0.1 0.9\nvt 0.5 0.5\nvn 0 0 1\nusemtl skin\n"
    texts = [
        obj(),
        colored + "f 1 2 4 3\nf 5 7 8\nf 5 8 6\n",
        corners + "f 1/1/1 2/2/1 4/1/1\nf 1//1 4//1 3//1\nf -1/1 -2/2 -3/1\n",
        "o a\ng b\ns 1\n" + points + "f 1 2 \\\n4\n# c:\\\nf 1 3 4\n",
        points.replace("v ", "v  ") + "f 1 2 3 \nf 3 2 1 \n",
    ]
    return [text.encode() for text in texts]


def obj_material_seeds() -> list[bytes]:
    text = b"mtllib a.mtl\nusemtl skin\n" + obj_seeds()[2].replace(b"f 1//1 4//1 3//1\nf -1/1 -2/2 -3/1\n", b"")
    libraries = [
        b"newmtl skin\nKd 1 0.5 0\n",
        b"newmtl skin\nmap_Kd -s 1 1 1 -clamp on a.img\n",
        b"newmtl skin\nmap_Kd a.img\n",
    ]
    kinds = ("PNG", "PNG", "JPEG")
    seeds = [text + PARTS + m + PARTS + picture(kind) for m, kind in zip(libraries, kinds, strict=True)]
    return [*seeds, *(text + PARTS + libraries[2] + PARTS + picture(kind) for kind in ("BMP", "TIFF"))]


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3)).save(stream, kind)
    return stream.getvalue()


def hps_seeds() -> list[bytes]:
    key = bytes(int(part) for part in KEY.split(","))
    colors = '<VertexColorSets><VertexColorSet Base64EncodedBytes="4">AAAA</VertexColorSet></VertexColorSets>'
    return [
        hps(),
        hps("CA", faces=TWO),
        hps("CE", faces=TWO, key=key),
        hps("CE", faces=TWO, key=key, checked=False),
        hps(faces=TWO, wide=True),
        hps("CB", faces=TWO),
        hps(faces=TWO, colors=colors),
    ]


def dicom_seeds() -> list[bytes]:
    named = dicom(stl_binary(faces=TWO), PatientName="Muster^Kim", PatientBirthDate="19800102", PatientID="7")
    other = dicom(obj(faces=TWO).encode(), sop="1.2.840.10008.5.1.4.1.1.104.4", unit="um")
    return [named, other, dicom(stl_ascii(faces=TWO).encode())]


def archive_seeds() -> list[bytes]:
    small = _zip({"a/upper.stl": stl_binary(faces=TWO), "order.xml": b"<a/>"})
    stored = _zip({"lower.stl": stl_binary(faces=TWO)}, zipfile.ZIP_STORED)
    repeated = _zip({"zeros": bytes(5000), "b": b"b"})
    nested = _zip({"inner.zip": small, "a.obj": obj(faces=TWO).encode()})
    return [small, stored, repeated, nested, _zip({"Zähne/ü.txt": b"text", "x/../y": b"", "/etc/x": b"x"})]


def archive_7z_seeds() -> list[bytes]:
    solid = sevenzipped(("a/upper.stl", stl_binary(faces=TWO)), ("order.xml", b"<a/>"), ("empty", b""))
    stored = sevenzipped(("lower.stl", stl_binary(faces=TWO)), packing=STORED)
    inner = sevenzipped(("inner.7z", stored), ("a.obj", obj(faces=TWO).encode()))
    return [solid, stored, inner, renamed(stored, "lower.stl", "../er.stl"), with_attributes(solid, 0o120777 << 16)]


def _zip(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, packing)
    return stream.getvalue()


def sniff_seeds() -> list[bytes]:
    """One of everything, and the beginnings of what is no scan."""
    foreign = [b"%PDF-1.7", b"\xff\xd8\xff\xe0", b"<html>", b"<?xml version='1.0'?><a/>", b"PK\x03\x04", b"GIF89a"]
    every = (stl_binary_seeds, stl_ascii_seeds, ply_binary_seeds, ply_ascii_seeds, obj_seeds, hps_seeds, dicom_seeds)
    return [*(make()[1] for make in every), *foreign, "<HPS ".encode("utf-16"), b"solid \n", b"ply\n", b"# OBJ\n", b""]
