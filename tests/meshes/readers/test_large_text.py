"""Text files larger than one chunk, and what a count in a head may cost."""

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from scans.meshes.errors import MeshError
from scans.meshes.limits import READ_LIMITS
from scans.meshes.readers import Reading
from tests.meshes.readers.samples import obj, ply_ascii, ply_binary, stl_ascii, stl_binary

Read = Callable[..., Reading]
SIDE = 330


def grid() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """A wavy sheet of SIDE² points; coordinates with many digits, so that its texts are long."""
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    points = np.stack([x / 7, y / 7, np.sin(x / 9)], axis=-1).reshape(-1, 3).astype(np.float32)
    first = (np.arange(SIDE - 1)[:, None] * SIDE + np.arange(SIDE - 1)).reshape(-1)
    lower = np.stack([first, first + 1, first + SIDE], axis=1)
    return points, np.concatenate([lower, lower[:, [1, 2, 2]] + [0, 1, 0]])


@pytest.mark.parametrize("write", [stl_ascii, ply_ascii, obj])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_text_of_several_chunks_is_read_whole(read: Read, write: Callable[..., str], line_end: str) -> None:
    points, faces = grid()
    text = write(points, faces[: len(faces) if write is not stl_ascii else 60_000])
    content = text.replace("\n", line_end).encode()
    assert len(content) > READ_LIMITS.chunk_bytes
    mesh = read(content).mesh
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], points[faces[: mesh.face_count]])
    assert mesh.face_count == (60_000 if write is stl_ascii else len(faces))


@pytest.mark.parametrize("content", [stl_binary(), ply_binary(), ply_ascii().encode()], ids=["stl", "ply", "ply text"])
def test_a_head_that_promises_billions_costs_no_memory(read: Read, content: bytes) -> None:
    huge = content.replace(b"element face 12", b"element face 4000000000")
    huge = huge[:80] + b"\xff\xff\xff\xff" + huge[84:] if huge == content else huge
    tracemalloc.start()
    try:
        with pytest.raises(MeshError):
            read(huge)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
