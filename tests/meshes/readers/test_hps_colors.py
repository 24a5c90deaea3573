"""Colours of 3Shape scans are an extra: read where they can be, never a reason to refuse."""

import base64
import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from scans.meshes.errors import WrongKey
from scans.meshes.readers import Reading
from tests.meshes.readers.conftest import codes
from tests.meshes.readers.samples import CUBE, CUBE_FACES, KEY, hps

Read = Callable[..., Reading]


def element(name: str, content: bytes) -> str:
    return f'<{name} Base64EncodedBytes="{len(content)}">{base64.b64encode(content).decode()}</{name}>'


def color_set(content: bytes) -> str:
    return f"<VertexColorSets>{element('VertexColorSet', content)}</VertexColorSets>"


@pytest.mark.parametrize("color", [b"\x0a\x14\x1e", b"\x0a\x14\x1e\xff"], ids=["three bytes", "four bytes"])
def test_colours_of_points_are_read(read: Read, color: bytes) -> None:
    colors = read(hps(colors=color_set(color * 8))).mesh.colors
    assert colors is not None
    assert colors.tolist() == [[10, 20, 30]] * 8


@pytest.mark.parametrize("content", [b"abc", b"\x0a\x14\x1e\xff" * 9, b"x" * 25])
def test_colours_that_do_not_fit_the_points_are_left_out(read: Read, content: bytes) -> None:
    reading = read(hps(colors=color_set(content)))
    assert (reading.mesh.colors, codes(reading)) == (None, ["colors_ignored"])
    assert reading.mesh.face_count == 12


def textured(picture: bytes) -> str:
    """The points with x = 10 take the right pixel of the first row, the others the left one."""
    places = b"".join(struct.pack("<BI", 1, 32767 if x else 0) for x, _, _ in CUBE.tolist())
    images = f"<TextureImages>{element('TextureImage', picture)}</TextureImages>"
    return f"<TextureData>{element('PerVertexTextureCoord', places)}{images}</TextureData>"


def test_a_texture_is_baked_into_the_points_with_blue_and_red_swapped(read: Read) -> None:
    stream = io.BytesIO()
    Image.fromarray(np.array([[[1, 2, 3], [4, 5, 6]], [[9, 9, 9], [9, 9, 9]]], np.uint8)).save(stream, "PNG")
    colors = read(hps(colors=textured(stream.getvalue()))).mesh.colors
    assert colors is not None
    assert colors.tolist() == [[6, 5, 4] if x else [3, 2, 1] for x, _, _ in CUBE.tolist()]


def test_a_damaged_texture_costs_only_the_colours(read: Read) -> None:
    reading = read(hps(colors=textured(b"no picture")))
    assert (reading.mesh.face_count, reading.mesh.colors, codes(reading)) == (12, None, ["colors_ignored"])


def test_wide_indices_are_read_even_where_the_narrow_attempt_runs_off_the_end(read: Read) -> None:
    last_ends_with_5 = np.roll(CUBE_FACES, -4, axis=0)
    assert last_ends_with_5[-1].tolist() == [4, 7, 5]
    mesh = read(hps(faces=last_ends_with_5, wide=True)).mesh
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], CUBE[last_ends_with_5])


def test_a_wrong_key_shows_even_without_a_check_value(read: Read) -> None:
    secret = bytes(int(part) for part in KEY.split(","))
    with pytest.raises(WrongKey):
        read(hps("CE", key=secret, checked=False), hps_key="some other key")
