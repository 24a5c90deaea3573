"""What holds for every reader: the same cube comes out, nothing cut is accepted in silence, only MeshError rises."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scans.meshes.errors import EmptyFile, MeshError, TooLarge
from scans.meshes.findings import Severity
from scans.meshes.limits import ReadLimits
from scans.meshes.readers import READERS, Reading, open_mesh
from tests.meshes.readers.samples import CUBE, CUBE_FACES, WHOLE_FILES, obj, ply_ascii, signed_volume, stl_ascii

EVERY_FORMAT = pytest.mark.parametrize("sample", WHOLE_FILES.values(), ids=WHOLE_FILES.keys())
WITHOUT_END_MARK = {"obj"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "0001"


def verdict(file: Path, content: bytes) -> Reading | MeshError:
    """Any other exception fails the test."""
    file.write_bytes(content)
    try:
        return open_mesh(file)
    except MeshError as error:
        return error


def test_every_reader_has_a_sample_here(file: Path) -> None:
    formats = {open_mesh(_written(file, content)).scan_format for content in WHOLE_FILES.values()}
    assert formats == {reader.scan_format for reader in READERS} == {"STL", "PLY", "OBJ", "DCM"}


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


@EVERY_FORMAT
def test_the_cube_comes_out_as_it_went_in(file: Path, sample: bytes) -> None:
    mesh = open_mesh(_written(file, sample)).mesh
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], CUBE[CUBE_FACES])
    assert (mesh.vertex_count, mesh.face_count) == (8, 12)
    assert signed_volume(mesh.vertices, mesh.faces) == pytest.approx(1000.0)
    assert (mesh.vertices.dtype, mesh.faces.dtype) == (np.float32, np.int32)


@EVERY_FORMAT
def test_metadata_are_json_without_nul_characters(file: Path, sample: bytes) -> None:
    text = json.dumps(open_mesh(_written(file, sample)).metadata)
    assert "\\u0000" not in text


@EVERY_FORMAT
def test_findings_of_a_good_file_are_empty(file: Path, sample: bytes) -> None:
    assert open_mesh(_written(file, sample)).findings == ()


@pytest.mark.parametrize("name", [n for n in WHOLE_FILES if n not in WITHOUT_END_MARK])
def test_a_file_cut_at_any_byte_is_refused_or_complete_or_accepted_with_a_warning(file: Path, name: str) -> None:
    whole = WHOLE_FILES[name]
    silent = []
    for length in range(len(whole)):
        result = verdict(file, whole[:length])
        if isinstance(result, MeshError) or any(f.severity is not Severity.INFO for f in result.findings):
            continue
        if not np.array_equal(result.mesh.vertices[result.mesh.faces], CUBE[CUBE_FACES]):
            silent.append(length)
    assert silent == []


@pytest.mark.parametrize("name", ["stl binary", "ply little", "ply big"])
def test_a_cut_binary_file_is_always_refused(file: Path, name: str) -> None:
    whole = WHOLE_FILES[name]
    accepted = [n for n in range(len(whole)) if not isinstance(verdict(file, whole[:n]), MeshError)]
    assert accepted == []


def test_an_obj_cut_within_a_line_is_refused_or_accepted_with_a_warning(file: Path) -> None:
    whole = WHOLE_FILES["obj"]
    for length in range(len(whole)):
        result = verdict(file, whole[:length])
        if isinstance(result, Reading) and not whole[:length].endswith(b"\n"):
            assert "no_final_newline" in [f.code for f in result.findings]


@EVERY_FORMAT
def test_one_wrong_byte_never_raises_anything_but_mesh_error(file: Path, sample: bytes) -> None:
    step = max(1, len(sample) // 150)
    for place in range(0, len(sample), step):
        for value in (0x00, 0x20, 0x39, 0xFF):
            damaged = sample[:place] + bytes([value]) + sample[place + 1 :]
            result = verdict(file, damaged)
            if isinstance(result, Reading):
                assert np.isfinite(result.mesh.vertices).all()
                assert 0 <= result.mesh.faces.min() <= result.mesh.faces.max() < result.mesh.vertex_count


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_random_bytes_are_refused(file: Path, content: bytes) -> None:
    assert isinstance(verdict(file, content), MeshError)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(WHOLE_FILES)),
    place=st.floats(0, 1),
    removed=st.integers(0, 40),
    put=st.binary(max_size=40),
)
def test_a_spliced_file_gives_a_sound_mesh_or_mesh_error(
    file: Path, name: str, place: float, removed: int, put: bytes
) -> None:
    whole = WHOLE_FILES[name]
    at = int(place * len(whole))
    result = verdict(file, whole[:at] + put + whole[at + removed :])
    assert isinstance(result, MeshError) or np.isfinite(result.mesh.vertices).all()


def test_an_empty_file_is_called_empty(file: Path) -> None:
    assert isinstance(verdict(file, b""), EmptyFile)


@EVERY_FORMAT
def test_a_file_beyond_the_limits_is_too_large(file: Path, sample: bytes) -> None:
    file.write_bytes(sample)
    with pytest.raises(TooLarge):
        open_mesh(file, limits=ReadLimits(file_bytes=len(sample) - 1))
    with pytest.raises(TooLarge):
        open_mesh(file, limits=ReadLimits(faces=11))


@pytest.mark.parametrize("text", [stl_ascii(), ply_ascii(), obj()], ids=["stl", "ply", "obj"])
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_text_with_other_line_ends_is_the_same_cube(file: Path, text: str, line_end: str) -> None:
    mesh = open_mesh(_written(file, text.replace("\n", line_end).encode())).mesh
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], CUBE[CUBE_FACES])


@pytest.mark.parametrize("text", [stl_ascii(), ply_ascii(), obj()], ids=["stl", "ply", "obj"])
def test_a_decimal_comma_is_refused_with_advice(file: Path, text: str) -> None:
    with pytest.raises(MeshError, match="with a point and not a comma"):
        open_mesh(_written(file, text.replace("10.0", "10,0").encode()))


def test_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    for sample in WHOLE_FILES.values():
        file = _written(tmp_path / "scan.pdf", sample)
        assert open_mesh(file, name="upper.dxd").mesh.face_count == 12
