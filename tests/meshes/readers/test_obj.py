"""OBJ: every way to write a corner, and colours from points, pictures or materials of the same upload only."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scans.meshes.errors import BadStructure, MeshError, NoFaces, NotFinite
from scans.meshes.limits import ReadLimits
from scans.meshes.readers import Reading
from tests.meshes.readers.conftest import codes
from tests.meshes.readers.samples import CUBE, CUBE_FACES, obj

Read = Callable[..., Reading]
POINTS = "".join(f"v {x} {y} {z}\n" for x, y, z in CUBE.tolist())
QUADS = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
SQUARE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0.1 0.1\nvt 0.9 0.1\nvt 0.9 0.9\nvt 0.1 0.9\n"


def faces(corner: str, polygons: list[list[int]] = QUADS) -> str:
    """corner: how one corner is written; {i} from 1, {n} from the end."""
    return "".join(
        "f " + " ".join(corner.format(i=i + 1, n=i - len(CUBE)) for i in polygon) + "\n" for polygon in polygons
    )


@pytest.mark.parametrize(
    "text",
    [
        POINTS + faces("{i}"),
        POINTS + faces("{n}"),
        POINTS + "vt 0 0\nvn 0 0 1\n" + faces("{i}/1/1") + faces("{i}/1", []) + faces("{i}//1", []),
        POINTS + "vn 0 0 1\n" + faces("{i}//1"),
        POINTS + "vt 0 0\n" + faces("{i}/1"),
        POINTS + "vt 0 0\n" + faces("{i}/1/1", QUADS[:2]) + faces("{i}//1", QUADS[2:4]) + faces("{n}", QUADS[4:]),
        POINTS + faces("{i}", CUBE_FACES.tolist()),
        POINTS + faces("{i}").replace(" 4 ", " \\\n4 \\\r\n"),
        "o cube\ng a\ns off\nusemtl x\n\n# f 1 2\n" + POINTS.replace("v ", "  v\t") + "l 1 2\np 1\n" + faces("{i}  "),
        "# C:\\scans\\\n" + POINTS + faces("{i}"),
        "\ufeff" + POINTS + faces("{i}"),
        POINTS.replace("\n", " 1.0\n") + faces("{i}"),
        faces("{i}") + POINTS,
    ],
    ids=[
        "plain", "negative", "all three", "normals", "textures", "every way in one file", "triangles", "continued",
        "other statements", "comment ending with a backslash", "byte order mark", "weights", "faces first",
    ],
)  # fmt: skip
def test_every_way_to_write_a_cube_is_the_cube(read: Read, text: str) -> None:
    mesh = read(text).mesh
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], CUBE[CUBE_FACES])


def test_negative_numbers_count_back_from_the_face(read: Read) -> None:
    square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nf -3 -2 -1\n"
    mesh = read(square + square.replace(" 0\n", " 5\n")).mesh
    assert mesh.faces.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(("color", "expected"), [("1 0.5 0", [255, 128, 0]), ("200 7 255", [200, 7, 255])])
def test_colours_of_points_are_read_in_both_ranges(read: Read, color: str, expected: list[int]) -> None:
    colors = read(POINTS.replace("\n", f" {color}\n") + faces("{i}")).mesh.colors
    assert colors is not None
    assert colors.tolist() == [expected] * 8


def picture(*rows: tuple[tuple[int, int, int], ...]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.array(rows, np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def upload(folder: Path, **files: bytes) -> dict[str, Path]:
    """Files of one upload: name with _ for . -> place on disk under a neutral name."""
    placed = {}
    for number, (name, content) in enumerate(files.items()):
        path = folder / f"companion{number}"
        path.write_bytes(content)
        placed[name.replace("__", ".")] = path
    return placed


RED, GREEN, BLUE, GREY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (90, 90, 90)


def test_a_texture_of_the_upload_becomes_colours_of_the_points(read: Read, tmp_path: Path) -> None:
    companions = upload(
        tmp_path,
        arch__mtl=b"newmtl skin\nKd 1 1 1\nmap_Kd -s 1 1 1 C:\\export\\arch.png\n",
        arch__png=picture((BLUE, GREY), (RED, GREEN)),
    )
    text = "mtllib arch.mtl\nusemtl skin\n" + SQUARE + "f 1/1 2/2 3/3 4/4\n"
    colors = read(text, companions=companions).mesh.colors
    assert colors is not None
    assert [tuple(c) for c in colors.tolist()] == [RED, GREEN, GREY, BLUE]


def test_material_colours_are_used_where_there_is_no_picture(read: Read, tmp_path: Path) -> None:
    companions = upload(tmp_path, a__mtl=b"newmtl gum\nKd 1 0 0\nnewmtl tooth\nKd 0 0 1\n")
    text = "mtllib a.mtl\n" + SQUARE + "v 5 0 0\nusemtl gum\nf 1 2 3\nusemtl tooth\nf 1 3 4\n"
    colors = read(text, companions=companions).mesh.colors
    assert colors is not None
    assert colors.tolist() == [[128, 0, 128], [255, 0, 0], [128, 0, 128], [0, 0, 255], [255, 255, 255]]


@pytest.mark.parametrize(
    "name", ["../../secret.mtl", "..\\secret.mtl", "http://127.0.0.1/secret.mtl", "file:///secret.mtl", "nowhere.mtl"]
)
def test_a_library_outside_the_upload_is_never_opened(read: Read, tmp_path: Path, name: str) -> None:
    companions = upload(tmp_path, secret__mtl=b"newmtl skin\nKd 1 0 0\n")
    reading = read(f"mtllib {name}\nusemtl skin\n" + obj(), companions=companions)
    assert (reading.mesh.colors, codes(reading)) == (None, ["material_missing"])


def test_a_missing_picture_costs_only_the_colours(read: Read, tmp_path: Path) -> None:
    companions = upload(tmp_path, a__mtl=b"newmtl skin\nmap_Kd ../b.png\n", b__png=picture((RED, RED)))
    reading = read("mtllib a.mtl\nusemtl skin\n" + obj(), companions=companions)
    assert (reading.mesh.colors, codes(reading)) == (None, ["texture_missing"])


def bomb() -> bytes:
    stream = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("image", [picture((RED, GREEN))[:50], b"no picture", bomb()], ids=["cut", "text", "bomb"])
def test_an_unusable_picture_costs_only_the_colours(read: Read, tmp_path: Path, image: bytes) -> None:
    companions = upload(tmp_path, a__mtl=b"newmtl skin\nmap_Kd b.png\n", b__png=image)
    text = "mtllib a.mtl\nusemtl skin\n" + SQUARE + "f 1/1 2/2 3/3\nf 1/1 3/3 4/4\n"
    reading = read(text, companions=companions)
    assert (reading.mesh.face_count, reading.mesh.colors, codes(reading)) == (2, None, ["texture_unusable"])


def test_a_picture_beyond_the_limit_is_not_decoded(read: Read, tmp_path: Path) -> None:
    companions = upload(tmp_path, a__mtl=b"newmtl skin\nmap_Kd b.png\n", b__png=picture((RED, GREEN), (RED, GREEN)))
    text = "mtllib a.mtl\nusemtl skin\n" + SQUARE + "f 1/1 2/2 3/3 4/4\n"
    assert codes(read(text, companions=companions, limits=ReadLimits(texture_pixels=3))) == ["texture_unusable"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (POINTS + faces("{i}") + "f 0 1 2\n", BadStructure),
        (POINTS + faces("{i}") + "f 1 2 9\n", BadStructure),
        (POINTS + faces("{i}") + "f 1 2 -9\n", BadStructure),
        (POINTS + faces("{i}") + "f 1 2 99999999999999999999\n", BadStructure),
        (POINTS + faces("{i}") + "f 1 2\n", BadStructure),
        (POINTS + faces("{i}") + "f 1/1/1/1 2 3\n", BadStructure),
        (POINTS + faces("{i}") + "f /1 2 3\n", BadStructure),
        (POINTS + faces("{i}") + "f 1.5 2 3\n", BadStructure),
        (POINTS + "v 1 2\n" + faces("{i}"), BadStructure),
        (POINTS + "v 1 2 x\n" + faces("{i}"), BadStructure),
        (POINTS + "v nan 2 3\n" + faces("{i}"), NotFinite),
        (POINTS + "v 1e300 2 3\n" + faces("{i}"), NotFinite),
        (POINTS + "w 1 2 3\n" + faces("{i}"), BadStructure),
        (POINTS, NoFaces),
        (faces("{i}"), MeshError),
    ],
)
def test_an_obj_that_contradicts_itself_is_refused(read: Read, text: str, expected: type[MeshError]) -> None:
    with pytest.raises(expected):
        read(text)


def test_points_without_triangles_hint_at_a_missing_end(read: Read) -> None:
    lines = obj().splitlines(keepends=True)
    assert codes(read("".join(lines[:-9]))) == ["unused_points"]


def test_a_long_comment_before_the_points_is_skipped(read: Read) -> None:
    assert read("# a comment of the exporter\n" * 4000 + obj()).mesh.face_count == 12


def test_colours_outside_both_ranges_are_left_out(read: Read) -> None:
    reading = read(POINTS.replace("\n", " 1 -1 900\n") + faces("{i}"))
    assert (reading.mesh.colors, codes(reading)) == (None, ["colors_ignored"])
