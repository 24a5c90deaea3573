"""Khronos' validator finds no error and no warning in our GLB files, of whatever format the scan came.

It does not know EXT_meshopt_compression and says so as information. What that extension packs is checked in its plain
form, which holds the same arrays: see test_glb.
"""

import numpy as np
import pytest

from scans.classification.vocabulary import Arch
from scans.meshes.mesh import Mesh
from scans.meshes.previews.glb import glb
from scans.meshes.previews.preview import preview
from scans.meshes.readers import open_mesh
from scans.synthetic.arch import make_arch
from tests.gltf.reading import validate

ARCH = make_arch(Arch.LOWER, seed=2, faces=8_000)
OF_THE_EXTENSION = {"UNSUPPORTED_EXTENSION", "UNUSED_OBJECT"}

MADE = {
    "coloured": ARCH,
    "without colours": Mesh(ARCH.vertices, ARCH.faces),
    "one triangle": Mesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32)),
    "one point": Mesh(np.ones((1, 3), np.float32), np.array([[0, 0, 0]], np.int32)),
    "10 km away": Mesh(ARCH.vertices + np.float32(1e7), ARCH.faces),
    "as small as numbers go": Mesh(np.eye(3, dtype=np.float32) * np.float32(1e-44), np.array([[0, 1, 2]], np.int32)),
}
FILES = [
    "scans/arch/meshsegnet-webdemo_124_upper.obj",
    "scans/arch/ios001_upper.ply",
    "scans/arch/carina1754_122_lower.stl",
    "dcm/example_ca.dcm",
    "dcm/encapsulated_stl.dcm",
    "corpus/bin_magics_colour.stl",
    "corpus/obj_vertex_colours.obj",
]


def is_valid(tmp_path, *contents):
    paths = [tmp_path / f"{number}.glb" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    for report in validate(*paths):
        issues = report["issues"]
        assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), issues["messages"]
        assert {each["code"] for each in issues["messages"] if each["severity"] < 2} == set()
    return True


@pytest.mark.parametrize("name", MADE)
def test_a_made_mesh_is_valid(tmp_path, name):
    assert is_valid(tmp_path, glb(MADE[name]), glb(MADE[name], compress=False))


@pytest.mark.parametrize("name", FILES)
def test_a_scan_of_every_format_is_valid(tmp_path, shared_data, name):
    mesh = open_mesh(shared_data / name).mesh
    levels = preview(mesh)
    assert is_valid(tmp_path, *filter(None, [levels.small, levels.detail]), glb(levels.shown, compress=False))


def test_there_is_nothing_else_to_say_of_the_plain_form(tmp_path):
    (tmp_path / "plain.glb").write_bytes(glb(ARCH, compress=False))
    (report,) = validate(tmp_path / "plain.glb")
    assert report["issues"]["messages"] == []
    assert report["info"]["totalTriangleCount"] == ARCH.face_count


def test_of_the_packed_form_only_the_extension_is_unknown(tmp_path):
    (tmp_path / "packed.glb").write_bytes(glb(ARCH))
    (report,) = validate(tmp_path / "packed.glb")
    assert {each["code"] for each in report["issues"]["messages"]} <= OF_THE_EXTENSION


def test_the_validator_notices_what_is_wrong(tmp_path):
    broken = glb(ARCH, compress=False).replace(b'"count":', b'"count":9', 1)
    path = tmp_path / "broken.glb"
    path.write_bytes(broken)
    assert validate(path)[0]["issues"]["numErrors"] > 0
