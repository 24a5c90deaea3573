"""PLY: any order and type of properties, polygons, colours under their many names, extra elements."""

import struct
from collections.abc import Callable

import numpy as np
import pytest

from scans.meshes.errors import BadStructure, MeshError, NoFaces, NotFinite, TooLarge, Truncated
from scans.meshes.readers import Reading
from tests.meshes.readers.conftest import codes
from tests.meshes.readers.samples import CUBE, CUBE_FACES, ply_ascii, ply_binary, ply_header

Read = Callable[..., Reading]
QUADS = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
MIXED = [*QUADS[:3], [2, 3, 7], [2, 7, 6], *QUADS[4:]]


def is_cube(reading: Reading) -> bool:
    mesh = reading.mesh
    return np.array_equal(mesh.vertices[mesh.faces], CUBE[CUBE_FACES])


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    ("types", "code"),
    [
        ("uchar int", "B{}i"),
        ("char uchar", "b{}B"),
        ("int uint", "i{}I"),
        ("ushort short", "H{}h"),
        ("uint ushort", "I{}H"),
    ],
)
def test_lists_of_any_whole_number_type_are_read(read: Read, order: str, types: str, code: str) -> None:
    encoding = "binary_little_endian" if order == "<" else "binary_big_endian"
    faces = b"".join(struct.pack(order + code.format(3), 3, *face) for face in CUBE_FACES.tolist())
    content = ply_header(encoding, lists=types).encode() + CUBE.astype(f"{order}f4").tobytes() + faces
    assert is_cube(read(content))


@pytest.mark.parametrize("polygons", [QUADS, MIXED], ids=["quads", "mixed"])
def test_polygons_become_triangles_with_their_winding(read: Read, polygons: list[list[int]]) -> None:
    faces = b"".join(struct.pack(f"<B{len(p)}i", len(p), *p) for p in polygons)
    binary = ply_header("binary_little_endian", faces=len(polygons)).encode() + CUBE.astype("<f4").tobytes() + faces
    lines = [" ".join(map(str, row)) for row in CUBE.tolist()] + [" ".join(map(str, [len(p), *p])) for p in polygons]
    text = ply_header("ascii", faces=len(polygons)) + "\n".join(lines) + "\n"
    assert is_cube(read(binary))
    assert is_cube(read(text))


def test_a_crlf_head_before_binary_data_is_read(read: Read) -> None:
    head, body = ply_binary().split(b"end_header\n", 1)
    assert is_cube(read(head.replace(b"\n", b"\r\n") + b"end_header\r\n" + body))


def test_a_lone_carriage_return_ends_the_head_even_before_a_newline_byte(read: Read) -> None:
    vertices = CUBE.copy()
    vertices[0, 0] = np.frombuffer(b"\n\0\0\0", "<f4")[0]
    head, body = ply_binary(vertices=vertices).split(b"end_header\n", 1)
    assert read(head.replace(b"\n", b"\r") + b"end_header\r" + body).mesh.vertices[0, 0] == vertices[0, 0]


def test_other_elements_and_lists_are_skipped(read: Read) -> None:
    head = (
        "ply\nformat binary_big_endian 1.0\nelement junk 2\nproperty list ushort double weights\nproperty char kind\n"
        "element face 12\nproperty uchar flags\nproperty list uchar int vertex_index\n"
        "property list uchar float texcoord\nelement none 0\nproperty int a\n"
        "element vertex 8\nproperty double z\nproperty float nx\nproperty double x\nproperty double y\n"
        "element edge 1\nproperty int a\nend_header\n"
    )
    junk = struct.pack(">H1db", 1, 0.5, 7) + struct.pack(">H3db", 3, 1, 2, 3, 7)
    faces = b"".join(struct.pack(">BB3iB6f", 9, 3, *face, 6, *[0.0] * 6) for face in CUBE_FACES.tolist())
    points = b"".join(struct.pack(">dfdd", z, 0.0, x, y) for x, y, z in CUBE.tolist())
    assert is_cube(read(head.encode() + junk + faces + points + struct.pack(">i", 1)))


def test_points_that_carry_lists_of_varying_length_are_read(read: Read) -> None:
    head = ply_header("binary_little_endian", extra="property list uchar int ids\n")
    points = b"".join(struct.pack(f"<3fB{i}i", *p, i, *range(i)) for i, p in enumerate(CUBE.tolist()))
    faces = b"".join(struct.pack("<B3i", 3, *face) for face in CUBE_FACES.tolist())
    assert is_cube(read(head.encode() + points + faces))


@pytest.mark.parametrize(
    "names", ["red green blue", "Red Green Blue", "diffuse_red diffuse_green diffuse_blue", "r g b"]
)
@pytest.mark.parametrize(
    ("kind", "color"), [("uchar", (1, 0, 1)), ("uchar", (200, 150, 7)), ("float", (1.0, 0.5, 0.0))]
)
def test_colours_of_points_are_found_under_their_names(
    read: Read, names: str, kind: str, color: tuple[float, ...]
) -> None:
    extra = "".join(f"property {kind} {name}\n" for name in names.split())
    expected = [round(255 * c) for c in color] if kind == "float" else list(color)
    code = "<3f3B" if kind == "uchar" else "<3f3f"
    faces = b"".join(struct.pack("<B3i", 3, *face) for face in CUBE_FACES.tolist())
    binary = ply_header("binary_little_endian", extra=extra).encode()
    binary += b"".join(struct.pack(code, *p, *color) for p in CUBE.tolist()) + faces
    rows = [f"{x} {y} {z} {' '.join(map(str, color))}" for x, y, z in CUBE.tolist()]
    text = ply_header("ascii", extra=extra) + "\n".join([*rows, *(f"3 {a} {b} {c}" for a, b, c in CUBE_FACES), ""])
    for content in (binary, text):
        colors = read(content).mesh.colors
        assert colors is not None
        assert colors.tolist() == [expected] * 8


@pytest.mark.parametrize("polygons", [CUBE_FACES.tolist(), MIXED], ids=["triangles", "mixed"])
def test_colours_of_faces_go_to_their_corners(read: Read, polygons: list[list[int]]) -> None:
    head = ply_header("binary_little_endian", faces=len(polygons))
    head = head.replace("end_header", "property uchar red\nproperty uchar green\nproperty uchar blue\nend_header")
    faces = b"".join(struct.pack(f"<B{len(p)}i3B", len(p), *p, 10, 20, 30) for p in polygons)
    colors = read(head.encode() + CUBE.astype("<f4").tobytes() + faces).mesh.colors
    assert colors is not None
    assert colors.tolist() == [[10, 20, 30]] * 8


def test_a_point_between_two_colours_takes_their_mean(read: Read) -> None:
    text = ply_header("ascii", points=4, faces=2).replace(
        "end_header", "property uchar red\nproperty uchar green\nproperty uchar blue\nend_header"
    )
    text += "0 0 0\n1 0 0\n1 1 0\n0 1 0\n3 0 1 2 100 0 0\n3 0 2 3 200 0 0\n"
    colors = read(text).mesh.colors
    assert colors is not None
    assert colors[:, 0].tolist() == [150, 100, 150, 200]


def test_comments_are_kept_in_the_metadata(read: Read) -> None:
    content = ply_ascii().replace("comment made up", "comment TextureFile Zähne.jpg\nobj_info by hand")
    assert read(content).metadata["comments"] == ["TextureFile Zähne.jpg", "by hand"]


def test_trailing_bytes_of_a_binary_file_are_a_warning(read: Read) -> None:
    assert codes(read(ply_binary() + b"\n\n")) == ["trailing_bytes"]


def test_a_text_without_a_last_line_end_is_a_warning(read: Read) -> None:
    assert codes(read(ply_ascii().rstrip("\n"))) == ["no_final_newline"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("element vertex 8", "element vertex -8", BadStructure),
        ("element vertex 8", "element vertex 8.5", BadStructure),
        ("element face 12", "element face 13", Truncated),
        ("element face 12", "element face 11", BadStructure),
        ("element face 12", "element face 999999999999", Truncated),
        ("element vertex 8", "element vertex 7", MeshError),
        ("element face 12", "element vertex 12", BadStructure),
        ("end_header\n", "", Truncated),
        ("format ascii 1.0", "format ascii 2.0", BadStructure),
        ("format ascii 1.0\n", "", BadStructure),
        ("property float x", "property real x", BadStructure),
        ("property list uchar int", "property list float int", BadStructure),
        ("property float z\n", "", MeshError),
        ("vertex_indices", "something_else", NoFaces),
        ("3 0 1 3", "3 0 1 8", BadStructure),
        ("3 0 1 3", "3 0 1 -1", BadStructure),
        ("3 0 1 3", "3 0 1 1.5", BadStructure),
        ("3 0 1 3", "-3 0 1 3", BadStructure),
        ("3 0 1 3", "2 0 1", BadStructure),
        ("3 0 1 3", "255 0 1 3", Truncated),
        ("3 0 1 3", "3 0 1 x", BadStructure),
        ("10.0 10.0 10.0", "10.0 nan 10.0", NotFinite),
        ("10.0 10.0 10.0", "10.0 1e300 10.0", NotFinite),
    ],
)
def test_a_text_that_contradicts_itself_is_refused(read: Read, old: str, new: str, expected: type[MeshError]) -> None:
    content = ply_ascii()
    assert old in content
    with pytest.raises(expected):
        read(content.replace(old, new, 1))


@pytest.mark.parametrize("element", ["vertex 8", "face 12"])
def test_a_count_beyond_the_file_is_refused_before_anything_is_allocated(read: Read, element: str) -> None:
    name = element.split()[0]
    with pytest.raises((Truncated, TooLarge)):
        read(ply_binary().replace(f"element {element}".encode(), f"element {name} 999999999999".encode()))


def test_a_list_that_claims_four_billion_corners_is_refused(read: Read) -> None:
    body = CUBE.astype("<f4").tobytes() + struct.pack("<I", 2**32 - 1) * 12 * 4
    with pytest.raises(Truncated):
        read(ply_header("binary_little_endian", lists="uint int").encode() + body)


def test_points_without_faces_are_no_scan(read: Read) -> None:
    head = ply_header("ascii").split("element face")[0] + "end_header\n"
    with pytest.raises(NoFaces):
        read(head + "\n".join(" ".join(map(str, row)) for row in CUBE.tolist()) + "\n")
