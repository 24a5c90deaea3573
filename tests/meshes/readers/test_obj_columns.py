"""Lines that are all written alike are read as columns, and give what the line by line look gives."""

from collections.abc import Callable

import numpy as np
import pytest

from scans.meshes.readers import Reading
from scans.meshes.readers.obj_columns import read_columns
from tests.meshes.readers.samples import CUBE, CUBE_FACES

Read = Callable[..., Reading]
POINTS = "".join(f"v {x} {y} {z}\n" for x, y, z in CUBE.tolist())


def faces(corner: str, blank: str = " ") -> str:
    lines = (blank.join(corner.format(i + 1) for i in face) for face in CUBE_FACES.tolist())
    return "".join(f"f {line}\n" for line in lines)


ALIKE = {
    "plain": POINTS + faces("{0}"),
    "all three": POINTS + "vt 0 0\nvn 0 0 1\n" + faces("{0}/1/1"),
    "normals": POINTS + "vn 0 0 1\n" + faces("{0}//1"),
    "textures": POINTS + "vt 0.5 0.5 0\n" + faces("{0}/1"),
    "two blanks": POINTS.replace("v ", "v  ") + faces("{0}", "  "),
    "blanks at the ends": (POINTS + faces("{0}")).replace("\n", " \n"),
    "colours": POINTS.replace("\n", " 1.0 0.5 0\n") + faces("{0}"),
    "by turns": "".join(f"vn 0 0 1\n{line}\n" for line in POINTS.splitlines()) + faces("{0}//1"),
}
OTHERWISE = {
    "a comment": "# made up\n" + POINTS + faces("{0}"),
    "a negative number": POINTS + faces("{0}").replace("f 1 ", "f -8 "),
    "a quad among triangles": POINTS + faces("{0}") + "f 1 2 4 3\n",
    "a normal here and there": POINTS + faces("{0}") + "f 1//1 2//1 4//1\n",
    "a continued line": POINTS + faces("{0}").replace("f 1 2 4\n", "f 1 2 \\\n4\n"),
    "no last line end": (POINTS + faces("{0}"))[:-1],
    "a word of three letters": POINTS + "vtx 1 2\n" + faces("{0}"),
    "a number 0": POINTS + faces("{0}") + "f 0 1 2\n",
    "a blank line": POINTS + "\n" + faces("{0}"),
    "too few numbers": POINTS.replace("v 0.0 0.0 0.0\n", "v 0.0 0.0\n") + faces("{0}"),
    "slashes in points": POINTS.replace(" ", "/") + faces("{0}"),
    "no number": POINTS.replace("10.0", "1O.0") + faces("{0}"),
    "two corners": POINTS + "f 1 2\n",
    "four parts": POINTS + faces("{0}/1/1/1"),
}


@pytest.mark.parametrize("text", ALIKE.values(), ids=ALIKE)
def test_lines_written_alike_are_columns(read: Read, text: str) -> None:
    columns = read_columns(text.encode(), wants_uvs=True)
    assert columns is not None
    np.testing.assert_array_equal(columns.points, CUBE)
    np.testing.assert_array_equal(columns.corners.reshape(-1, 3), CUBE_FACES)
    by_lines = read("# made up\n" + text)
    np.testing.assert_array_equal(read(text).mesh.vertices[CUBE_FACES], by_lines.mesh.vertices[by_lines.mesh.faces])


@pytest.mark.parametrize("text", OTHERWISE.values(), ids=OTHERWISE)
def test_anything_else_is_left_to_the_lines(text: str) -> None:
    assert read_columns(text.encode(), wants_uvs=True) is None
