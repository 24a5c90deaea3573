"""Content that is no scan, by its first bytes, and what to tell whoever sent it."""

import re
from pathlib import PurePosixPath

from scans.meshes.errors import EmptyFile, MeshError, NativeFormat, NotAMesh
from scans.meshes.readers.text import without_bom

_SEND_SCAN = "Please send the scan itself as STL, PLY, OBJ or DCM."
_UNPACK = "Please upload it as an archive or unpack it first."

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "zip", f"This is a ZIP archive under the name of a scan. {_UNPACK}"),
    (b"PK\x05\x06", "zip", "This is an empty ZIP archive. Please export the scan again."),
    (b"\x1f\x8b\x08", "gzip", f"This is a compressed file (gzip) under the name of a scan. {_UNPACK}"),
    (b"7z\xbc\xaf\x27\x1c", "7z", f"This is a 7z archive under the name of a scan. {_UNPACK}"),
    (b"Rar!\x1a\x07", "rar", f"This is a RAR archive under the name of a scan. {_UNPACK}"),
    (b"\x00\x05\x16\x07", "appledouble", "This is a hidden side file of macOS without a scan; it can be left out."),
    (b"\x00\x05\x16\x00", "appledouble", "This is a hidden side file of macOS without a scan; it can be left out."),
    (b"%PDF", "pdf", f"This is a PDF document, not a scan. {_SEND_SCAN}"),
    (b"\x89PNG\r\n\x1a\n", "image", f"This is a picture, not a scan. {_SEND_SCAN}"),
    (b"\xff\xd8\xff", "image", f"This is a picture, not a scan. {_SEND_SCAN}"),
    (b"GIF8", "image", f"This is a picture, not a scan. {_SEND_SCAN}"),
    (b"II*\x00", "image", f"This is a picture, not a scan. {_SEND_SCAN}"),
    (b"MM\x00*", "image", f"This is a picture, not a scan. {_SEND_SCAN}"),
    (b"RIFF", "media", f"This is a picture or a recording, not a scan. {_SEND_SCAN}"),
    (b"glTF", "gltf", f"This is a glTF model, not a scan as a scanner exports it. {_SEND_SCAN}"),
    (b"SQLite format 3\x00", "database", f"This is a database, not a scan. {_SEND_SCAN}"),
)

_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<(?:\?xml|!--|[A-Za-z])")
HPS_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<HPS[\s>]", re.DOTALL)

_NATIVE: dict[str, tuple[str, str]] = {
    ".dxd": ("Primescan", "upload the case to DS Core and export it there as exocad"),
    ".cszx": ("Carestream", "open it in the Carestream software and choose File, Export, STL or PLY"),
    ".meditmesh": ("Medit", "open the case in Medit Link and choose Export"),
    ".3ml": ("3Shape (locked archive)", "export the case as STL or PLY from the 3Shape software"),
}


def clear_text(head: bytes) -> bytes:
    """Text in UTF-16 as UTF-8, so that XML and HTML are recognised in it; other bytes unchanged."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="ignore").encode()
    return without_bom(head)


def foreign_content(head: bytes) -> MeshError | None:
    """The refusal for content that is certainly no scan, or None."""
    if not head:
        return EmptyFile("This file is empty. Please export the scan again.")
    for magic, kind, sentence in _MAGIC:
        if head.startswith(magic):
            return NotAMesh(sentence, content=kind)
    text = clear_text(head)
    if _HTML.match(text):
        return NotAMesh(
            "This is a web page, perhaps a login page saved by mistake. Please download the scan again.", content="html"
        )
    if _XML.match(text) and not HPS_ROOT.match(text):
        return NotAMesh(f"This is a text file (XML) that belongs to a case, not a scan. {_SEND_SCAN}", content="xml")
    return None


def native_format(name: str) -> NativeFormat | None:
    """The way out for a closed format, by the sender's file name; the name itself is not repeated."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.casefold()
    if suffix not in _NATIVE:
        return None
    maker, way_out = _NATIVE[suffix]
    return NativeFormat(
        f"This is a closed file of {maker} that only its own software opens. Please {way_out}, then send that.",
        format=suffix.lstrip("."),
    )


def unknown_content(size: int) -> NotAMesh:
    return NotAMesh(f"This is not a scan in a format that we know. {_SEND_SCAN}", content="unknown", size=size)
