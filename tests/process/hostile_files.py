"""Files that want to harm whoever opens them, built here: name -> (the scan, what lies beside it)."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.meshes.readers.samples import dicom, hps, obj, ply_ascii, ply_binary, stl_ascii, stl_binary

Upload = tuple[bytes, dict[str, bytes]]
SKIN = "mtllib a.mtl\nusemtl skin\nvt 0 0\n"
CORNERS = "v 0 0 0\nv 9 0 0\nv 0 9 0\nf 1/1 2/1 3/1\n"
LIBRARY = b"newmtl skin\nmap_Kd a.png\n"


def png(width: int, height: int, packed: bytes) -> bytes:
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", packed), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def image(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (16, 16, 3), dtype=np.uint8))
    picture.save(stream, kind, **options)
    return stream.getvalue()


def huge_jpeg() -> bytes:
    content = image("JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">2H", 60_000, 60_000) + content[at + 4 :]


def textured(picture: bytes) -> Upload:
    return (SKIN + CORNERS).encode(), {"a.mtl": LIBRARY, "a.png": picture}


def library_named(name: str) -> Upload:
    return f"mtllib {name}\nusemtl skin\n{obj()}".encode(), {"a.mtl": LIBRARY}


def picture_named(name: str) -> Upload:
    return (SKIN + CORNERS).encode(), {"a.mtl": f"newmtl skin\nmap_Kd {name}\n".encode()}


def entity_bomb(root: str) -> bytes:
    entities = "".join(f'<!ENTITY e{i} "' + f"&e{i - 1};" * 10 + '">' for i in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "ha">{entities}]><{root}>&e9;</{root}>'.encode()


def outside_entity(root: str) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/passwd">]><{root}>&x;</{root}>'.encode()
    )


def outside_dtd(root: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE {root} SYSTEM "http://127.0.0.1:9/a.dtd"><{root}></{root}>'.encode()


def nested(root: str) -> bytes:
    return f"<{root}>{'<a>' * 200_000}{'</a>' * 200_000}</{root}>".encode()


def many_attributes(root: str) -> bytes:
    attributes = " ".join(f'a{i}="{i}"' for i in range(200_000))
    return f"<{root} {attributes}/>".encode()


XML: dict[str, Callable[[str], bytes]] = {
    "entity bomb": entity_bomb,
    "outside entity": outside_entity,
    "outside DTD": outside_dtd,
    "deep nesting": nested,
    "many attributes": many_attributes,
}


def base64_of_blanks() -> bytes:
    return hps().replace(b"</Facets>", b" " * 20_000_000 + b"!</Facets>")


def dicom_with_length(length: int) -> bytes:
    """The model's own length, which stands after its tag, becomes another."""
    content = dicom(stl_binary())
    at = content.index(b"\x42\x00\x11\x00OB\x00\x00") + 8
    return content[:at] + struct.pack("<I", length) + content[at + 4 :]


def ply_with(old: str, new: str, content: bytes = b"") -> bytes:
    return (content or ply_binary()).replace(old.encode(), new.encode(), 1)


def long_list() -> bytes:
    head, body = ply_with("uchar int", "uint int").split(b"end_header\n")
    return head + b"end_header\n" + body[:96] + struct.pack("<I", 2**32 - 1) + body[100:]


FACE = "element face 12\n"

REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    **{f"HPS, {name}": ("not_a_mesh", lambda make=make: make("HPS")) for name, make in list(XML.items())[:2]},
    **{f"HPS, {name}": ("no_geometry", lambda make=make: make("HPS")) for name, make in list(XML.items())[3:]},
    "HPS, outside DTD": ("bad_xml", lambda: outside_dtd("HPS")),
    "HPS, megabytes of blanks before a wrong character": ("bad_base64", base64_of_blanks),
    "HPS, facets out of nothing": (
        "count_mismatch",
        lambda: hps().replace(b'facet_count="12"', b'facet_count="19000000"'),
    ),
    "HPS, a trillion facets": ("too_large", lambda: hps().replace(b'facet_count="12"', b'facet_count="999999999999"')),
    "DICOM, model of 4 GB": ("truncated", lambda: dicom_with_length(2**32 - 2)),
    "DICOM, model without length": ("not_a_mesh", lambda: dicom_with_length(2**32 - 1)),
    "PLY, list of 255": ("truncated", lambda: ply_binary()[:-13] + b"\xff" + ply_binary()[-12:]),
    "PLY, list of 4 G": ("truncated", long_list),
    "PLY, a trillion points": ("truncated", lambda: ply_with("element vertex 8", "element vertex 1000000000000")),
    "PLY, thousands of elements": (
        "bad_header",
        lambda: ply_with(FACE, "".join(f"element e{i} 1\nproperty int a\n" for i in range(9000)) + FACE),
    ),
    "PLY, thousands of properties": (
        "truncated",
        lambda: ply_with(FACE, "".join(f"property double p{i}\n" for i in range(2500)) + FACE),
    ),
    "PLY, text with a list of a billion": ("truncated", lambda: ply_with("3 0 1 3", "1e9 0 1 3", ply_ascii().encode())),
    "OBJ, one line of 100 MB": ("too_large", lambda: obj().encode() + b"f" + b" 1" * 50_000_000),
    "OBJ, a hundred thousand materials": ("too_large", lambda: obj().encode() + b"usemtl a\n" * 100_000),
    "OBJ, with a NUL": ("not_a_mesh", lambda: b"mtllib a\0.mtl\n" + obj().encode()),
    "STL, 4 G faces": ("truncated", lambda: stl_binary()[:80] + b"\xff" * 4 + stl_binary()[84:]),
    "STL, one line of 100 MB": ("too_large", lambda: stl_ascii().encode() + b"solid " + b"x" * 100_000_000),
}
"""What is refused: the code of the refusal, and the file."""

HARMLESS: dict[str, tuple[str, Callable[[], Upload]]] = {
    "PNG of 60,000 x 60,000": ("texture_unusable", lambda: textured(png(60_000, 60_000, zlib.compress(bytes(2000))))),
    "JPEG of 60,000 x 60,000": ("texture_unusable", lambda: textured(huge_jpeg())),
    "truncated PNG": ("texture_unusable", lambda: textured(image("PNG")[:400])),
    "truncated JPEG": ("texture_unusable", lambda: textured(image("JPEG")[:200])),
    "animation": ("texture_unusable", lambda: textured(image("GIF", save_all=True))),
    "picture with text of 60 kB": ("", lambda: textured(image("JPEG", comment=b"x" * 60_000))),
    **{
        f"library {name}": ("material_missing", lambda name=name: library_named(name))
        for name in (
            *("../../etc/passwd", "/etc/passwd", "..\\..\\etc\\passwd", "C:\\Windows\\win.ini", "/dev/zero", "CON"),
            *(
                "http://127.0.0.1:9/a.mtl",
                "file:///etc/passwd",
                "\\\\127.0.0.1\\share\\b.mtl",
                "~/.netrc",
                "%2e%2e/b.mtl",
            ),
        )
    },
    **{
        f"picture {name}": ("texture_missing", lambda name=name: picture_named(name))
        for name in ("../../etc/passwd", "/dev/zero", "http://127.0.0.1:9/a.png", "-s 1 1 1 /etc/passwd")
    },
}
"""What costs the colours only: the finding it leaves, and the upload."""
