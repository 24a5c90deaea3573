"""STL: the size decides what is binary, text is read strictly, colours and trailing bytes are taken as they come."""

import struct
from collections.abc import Callable

import numpy as np
import pytest

from scans.meshes.errors import BadStructure, MeshError, NoFaces, NotFinite, Truncated
from scans.meshes.readers import Reading
from tests.meshes.readers.conftest import codes
from tests.meshes.readers.samples import CUBE, CUBE_FACES, stl_ascii, stl_binary

Read = Callable[..., Reading]


def test_a_binary_file_whose_header_says_solid_is_binary(read: Read) -> None:
    reading = read(stl_binary(header=b"solid cube\nfacet normal 0 0 1\nendsolid"))
    assert (reading.encoding, reading.mesh.face_count) == ("binary", 12)


def test_the_header_is_kept_as_received(read: Read) -> None:
    header = bytes(range(200, 256)).ljust(80, b"\xff")
    assert bytes.fromhex(read(stl_binary(header=header)).metadata["header_hex"]) == header


def test_a_cut_file_says_how_many_triangles_are_there(read: Read) -> None:
    with pytest.raises(Truncated, match="cut off: 3 of 12 triangles are there") as refusal:
        read(stl_binary()[: 84 + 3 * 50 + 7])
    assert refusal.value.data == {"present": 3, "declared": 12}


def test_an_absurd_count_is_refused_before_anything_is_allocated(read: Read) -> None:
    content = bytearray(stl_binary())
    content[80:84] = struct.pack("<I", 2**32 - 1)
    with pytest.raises(Truncated, match="12 of 4294967295"):
        read(bytes(content))


def test_a_count_that_hides_triangles_is_refused(read: Read) -> None:
    content = bytearray(stl_binary())
    content[80:84] = struct.pack("<I", 7)
    with pytest.raises(BadStructure) as refusal:
        read(bytes(content))
    assert refusal.value.code == "count_mismatch"


@pytest.mark.parametrize("junk", [b"x", bytes(50), b"JUNK" * 100, b"\r\n"])
def test_trailing_bytes_are_ignored_with_a_warning(read: Read, junk: bytes) -> None:
    reading = read(stl_binary() + junk)
    assert reading.mesh.face_count == 12
    assert [(f.code, f.data) for f in reading.findings] == [("trailing_bytes", {"bytes": len(junk)})]


def test_zero_normals_are_mentioned(read: Read) -> None:
    assert codes(read(stl_binary(normal=0.0))) == ["zero_normals"]
    assert codes(read(stl_ascii().replace("normal 0 0 1", "normal 0 0 0"))) == ["zero_normals"]


def test_no_triangles_is_no_surface(read: Read) -> None:
    with pytest.raises(NoFaces):
        read(stl_binary(faces=CUBE_FACES[:0]))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_coordinates_that_are_no_numbers_are_refused(read: Read, value: float) -> None:
    vertices = CUBE.copy()
    vertices[0, 0] = value
    vertices[1, 0] = -value
    for content in (stl_binary(vertices), stl_ascii(vertices)):
        with pytest.raises(NotFinite):
            read(content)


def test_viscam_colours_have_red_in_the_high_bits(read: Read) -> None:
    colors = read(stl_binary(attributes=0x8000 | 31 << 10)).mesh.colors
    assert colors is not None
    assert set(map(tuple, colors.tolist())) == {(255, 0, 0)}


def test_magics_colours_have_red_in_the_low_bits(read: Read) -> None:
    colors = read(stl_binary(header=b"COLOR=\x0a\x14\x1e\xff", attributes=31)).mesh.colors
    assert colors is not None
    assert set(map(tuple, colors.tolist())) == {(255, 0, 0)}


def test_magics_faces_without_a_colour_of_their_own_take_the_headers(read: Read) -> None:
    colors = read(stl_binary(header=b"COLOR=\x0a\x14\x1e\xff", attributes=0x8000)).mesh.colors
    assert colors is not None
    assert set(map(tuple, colors.tolist())) == {(10, 20, 30)}


def test_attribute_words_that_follow_no_rule_are_no_colours(read: Read) -> None:
    assert read(stl_binary(attributes=1234)).mesh.colors is None


@pytest.mark.parametrize(
    "text",
    [
        stl_ascii().upper(),
        "\ufeff" + stl_ascii(),
        stl_ascii(name="Zähne 上颌 facet endfacet solid endsolid"),
        stl_ascii(name=""),
        stl_ascii().replace("\n", "\n\n\t "),
        stl_ascii().replace("facet normal 0 0 1", "facet normal -nan(ind) -1.#IND nan"),
    ],
    ids=["upper case", "byte order mark", "any name", "no name", "blank lines", "broken normals"],
)
def test_ascii_in_any_usual_dress_is_the_cube(read: Read, text: str) -> None:
    mesh = read(text).mesh
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], CUBE[CUBE_FACES])


def test_an_ascii_name_in_latin_1_is_kept(read: Read) -> None:
    assert read(stl_ascii(name="Müller").encode("latin-1")).metadata["name"] == "Müller"


def test_several_solids_in_one_ascii_file_are_one_scan(read: Read) -> None:
    reading = read(stl_ascii() + stl_ascii(name="second"))
    assert (reading.mesh.face_count, reading.findings) == (24, ())


def test_a_missing_endsolid_is_accepted_with_a_warning(read: Read) -> None:
    reading = read(stl_ascii().replace("endsolid cube\n", ""))
    assert (reading.mesh.face_count, codes(reading)) == (12, ["missing_end"])


def test_an_ascii_file_cut_in_a_triangle_is_refused(read: Read) -> None:
    text = stl_ascii()
    with pytest.raises(Truncated, match="cut off in triangle 12"):
        read(text[: text.rindex("endloop")])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" endloop", "  vertex 0 0 0\n endloop"),
        ("outer loop", "outer lop"),
        ("vertex 0.0 0.0 10.0", "vertex 0.0 0.0"),
        ("vertex 0.0 0.0 10.0", "vertex 0.0 0.0 10.0 4"),
        ("vertex 0.0 0.0 10.0", "vertex 0.0 0.0 1x"),
        ("vertex 0.0 0.0 10.0", "vertex 0.0 0.0-10.0 "),
        ("endfacet", "endfacet garbage"),
    ],
)
def test_ascii_that_is_not_three_points_a_triangle_is_refused(read: Read, old: str, new: str) -> None:
    with pytest.raises(BadStructure):
        read(stl_ascii().replace(old, new, 1))


def test_text_after_the_end_is_refused_but_padding_is_not(read: Read) -> None:
    with pytest.raises(MeshError):
        read(stl_ascii() + "more text\n")
    assert codes(read(stl_ascii() + "\0\0\x1a")) == ["trailing_bytes"]
