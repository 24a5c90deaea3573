"""What is written is what a reader outside gets back."""

import io

import numpy as np
import pytest
import trimesh
from hpsdecode import load_hps

from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.synthetic import writers
from scans.synthetic.arch import make_arch
from scans.synthetic.writers import PlyEncoding
from tests.synthetic.outside import loaded


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    return make_arch(Arch.LOWER, seed=2, faces=3_000)


WRITTEN = {
    "stl": ("stl", writers.stl),
    "stl with zero normals": ("stl", lambda mesh: writers.stl(mesh, zero_normals=True)),
    "ply": ("ply", writers.ply),
    "ply big endian": ("ply", lambda mesh: writers.ply(mesh, encoding=PlyEncoding.BIG)),
    "ply ascii": ("ply", lambda mesh: writers.ply(mesh, encoding=PlyEncoding.ASCII)),
    "obj": ("obj", writers.obj),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_comes_back_from_trimesh(name: str, mesh: Mesh) -> None:
    kind, write = WRITTEN[name]
    back = loaded(write(mesh), kind)
    assert (len(back.vertices), len(back.faces)) == (mesh.vertex_count, mesh.face_count)
    corners = back.vertices[back.faces].astype(np.float32)
    assert np.abs(corners - mesh.vertices[mesh.faces]).max() == 0


@pytest.mark.parametrize("name", [name for name in WRITTEN if "stl" not in name])
def test_colours_come_back(name: str, mesh: Mesh) -> None:
    kind, write = WRITTEN[name]
    assert (loaded(write(mesh), kind).visual.vertex_colors[:, :3] == mesh.colors).all()


@pytest.mark.parametrize("name", WRITTEN)
def test_a_mesh_without_colours_is_written_too(name: str, mesh: Mesh) -> None:
    kind, write = WRITTEN[name]
    assert len(loaded(write(Mesh(mesh.vertices, mesh.faces)), kind).faces) == mesh.face_count


def test_binary_stl_has_its_header_and_fifty_bytes_a_face(mesh: Mesh) -> None:
    content = writers.stl(mesh, header=b"exported by nobody")
    assert len(content) == 84 + 50 * mesh.face_count
    assert content.startswith(b"exported by nobody\0")
    with pytest.raises(ValueError, match="80 bytes"):
        writers.stl(mesh, header=b"x" * 81)


def test_itero_writes_zero_normals(mesh: Mesh) -> None:
    record = np.frombuffer(writers.stl(mesh, zero_normals=True)[84:], writers.STL_RECORD)
    assert not record["normals"].any()


def test_normals_are_those_of_the_winding(mesh: Mesh) -> None:
    outside = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    assert np.abs(writers.unit_normals(mesh) - outside.face_normals).max() < 1e-4


def test_comments_stand_in_the_ply_header(mesh: Mesh) -> None:
    assert b"\ncomment TextureFile a.png\n" in writers.ply(mesh, comments=("TextureFile a.png",))[:200]


def test_hps_comes_back_from_hpsdecode(mesh: Mesh) -> None:
    packed, back = load_hps(io.BytesIO(writers.hps(mesh, properties=(("ScanSource", "ssTRIOS"),))))
    assert packed.schema == "CA"
    assert (back.vertices == mesh.vertices).all()
    assert (back.faces == mesh.faces).all()
