"""Files that are no scan get a sentence that says what they are and what to do."""

from collections.abc import Callable

import pytest

from scans.meshes.errors import EmptyFile, NativeFormat, NotAMesh
from scans.meshes.readers import Reading
from tests.meshes.readers.samples import hps

Read = Callable[..., Reading]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04" + bytes(200), "ZIP archive"),
        (b"\x1f\x8b\x08" + bytes(200), "compressed file"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(200), "7z archive"),
        (b"\x00\x05\x16\x07" + bytes(200), "macOS"),
        (b"%PDF-1.7" + bytes(200), "PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "picture"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"\n<!-- x --><HTML>", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><iTeroExport/>', "XML"),
        ("\ufeff<?xml version='1.0'?><a/>".encode("utf-16-le"), "XML"),
        (b"Dear colleague, see attached.", "not a scan in a format that we know"),
        (bytes(range(256)) * 4, "not a scan in a format that we know"),
    ],
)
def test_content_that_is_no_scan_is_named(read: Read, content: bytes, sentence: str) -> None:
    with pytest.raises(NotAMesh, match=sentence):
        read(content, name="upper.stl")


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("scan.dxd", "DS Core"),
        ("CASE/scan.CSZX", "File, Export"),
        ("x.meditMesh", "Medit Link"),
        ("x.3ml", "3Shape"),
    ],
)
def test_closed_formats_are_refused_with_the_way_out(read: Read, name: str, way_out: str) -> None:
    for content in (bytes(range(256)), b"PK\x03\x04" + bytes(90)):
        with pytest.raises(NativeFormat, match=way_out) as refusal:
            read(content, name=name)
        assert name not in refusal.value.message


def test_an_empty_closed_file_is_empty_first(read: Read) -> None:
    with pytest.raises(EmptyFile):
        read(b"", name="scan.dxd")


def test_a_3shape_file_after_comments_is_still_recognised(read: Read) -> None:
    content = hps().replace(b"?>\n", b"?>\n<!-- made\nup -->\n")
    assert read(content).encoding == "HPS CC"
