"""The two things called DCM: 3Shape's packed scans, and DICOM with a model inside."""

import json
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from patients.matching.identity import Identity
from scans.meshes.errors import BadStructure, MeshError, NativeFormat, NeedsKey, NotAMesh, Truncated, WrongKey
from scans.meshes.readers import Reading, open_mesh
from tests.meshes.readers.conftest import codes
from tests.meshes.readers.samples import CUBE, CUBE_FACES, KEY, dicom, hps, obj, shared, stl_ascii, stl_binary

Read = Callable[..., Reading]
SECRET = bytes(int(part) for part in KEY.split(","))


def is_cube(reading: Reading) -> bool:
    return np.array_equal(reading.mesh.vertices[reading.mesh.faces], CUBE[CUBE_FACES])


@pytest.mark.parametrize("schema", ["CA", "CC"])
@pytest.mark.parametrize("wide", [False, True], ids=["16 bit", "32 bit"])
def test_open_schemas_are_read_with_indices_of_either_width(read: Read, schema: str, wide: bool) -> None:
    reading = read(hps(schema, wide=wide))
    assert is_cube(reading)
    assert (reading.scan_format, reading.encoding) == ("DCM", f"HPS {schema}")


def test_an_encrypted_file_without_a_key_says_what_it_is_and_names_two_ways_out(read: Read) -> None:
    with pytest.raises(NeedsKey, match=r"store the clinic's own key .* or export the case as STL or PLY") as refusal:
        read(hps("CE", key=SECRET))
    told = refusal.value.metadata
    assert (told["declared_faces"], told["declared_vertices"], told["scanner_serial"]) == (12, 8, "MADE-UP-1")


def test_the_clinics_key_opens_an_encrypted_file(read: Read) -> None:
    reading = read(hps("CE", key=SECRET), hps_key=KEY)
    assert is_cube(reading)
    assert read(hps("CE", key=b"sixteen letters."), hps_key="sixteen letters.").encoding == "HPS CE"


@pytest.mark.parametrize("key", ["another key", "x", "x" * 99, "1,2,3,4,5,6"])
def test_a_wrong_key_is_called_a_wrong_key(read: Read, key: str) -> None:
    with pytest.raises(WrongKey) as refusal:
        read(hps("CE", key=SECRET), hps_key=key)
    assert refusal.value.code == "wrong_key"
    assert key not in refusal.value.message.split()


def test_the_lossy_schema_is_refused_with_the_way_out(read: Read) -> None:
    with pytest.raises(NativeFormat, match="export the case as STL or PLY"):
        read(hps("CB"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'facet_count="12"', b'facet_count="13"'),
        (b'facet_count="12"', b'facet_count="999999"'),
        (b'facet_count="12"', b'facet_count="-1"'),
        (b'vertex_count="8"', b'vertex_count="9"'),
        (b'vertex_count="8"', b'vertex_count="7"'),
        (b'base64_encoded_bytes="96"', b'base64_encoded_bytes="97"'),
        (b"AAAA", b"AA*A"),
        (b"<Vertices", b"<Other"),
        (b"?>\n", b'?>\n<!DOCTYPE HPS [<!ENTITY a "b">]>\n'),
    ],
)
def test_a_packed_scan_that_contradicts_itself_is_refused(read: Read, old: bytes, new: bytes) -> None:
    content = hps()
    assert old in content
    with pytest.raises(MeshError):
        read(content.replace(old, new))


def test_a_cut_packed_scan_is_refused_as_cut(read: Read) -> None:
    with pytest.raises(Truncated):
        read(hps()[:-30])


def test_the_samples_of_the_hpsdecode_project_are_read() -> None:
    mesh = open_mesh(shared("dcm", "example_ca.dcm")).mesh
    assert (mesh.face_count, mesh.vertex_count) == (15_510, 7_755)
    with pytest.raises(NeedsKey) as refusal:
        open_mesh(shared("dcm", "example_ce.dcm"))
    assert refusal.value.metadata["declared_faces"] == 118_178
    assert len(refusal.value.metadata["transforms"]["OcclusalPlaneTransformation"]) == 16


def transform(name: str, **places: str) -> str:
    values = {f"m{row}{column}": "1" for row in range(4) for column in range(4)} | places
    matrix = " ".join(f'{place}="{value}"' for place, value in values.items())
    return (
        '<Annotation type="CoordinateTransform">'
        f'<String name="TransformID" value="{name}"/><Matrix4x4 {matrix}/></Annotation>'
    )


@pytest.mark.parametrize("value", ["NaN", "inf", "-Infinity", "1e999", "", "x"])
def test_a_transform_that_is_not_finite_is_left_out(read: Read, value: str) -> None:
    annotations = f"<Annotations>{transform('good')}{transform('bad', m00=value)}</Annotations>"
    metadata = read(hps(colors=annotations)).metadata
    assert metadata["transforms"] == {"good": [1.0] * 16}
    assert json.dumps(metadata, allow_nan=False)


def test_of_thousands_of_dates_two_hundred_are_kept_and_the_scanner_among_them(read: Read) -> None:
    dates = "".join(f'<Property name="A{number}Date" value="2026"/>' for number in range(3000))
    content = hps().replace(b"<Properties>", f"<Properties>{dates}".encode())
    metadata = read(content).metadata
    assert (len(metadata["properties"]), metadata["scanner_serial"]) == (200, "MADE-UP-1")


@pytest.mark.parametrize("model", [stl_binary(), stl_ascii().encode(), obj().encode() + b"#"], ids=["b", "a", "obj"])
def test_a_model_in_dicom_is_read_by_its_true_length(read: Read, model: bytes) -> None:
    reading = read(dicom(model))
    assert is_cube(reading)
    assert "trailing_bytes" not in codes(reading)


def test_the_identity_of_dicom_is_taken_as_it_came(read: Read) -> None:
    content = dicom(
        stl_binary(),
        PatientName="Muster^Erika^Anna^Dr.=椋^恵理",
        PatientID=" 00-42 ",
        PatientBirthDate="19800229",
    )
    assert read(content).identity == Identity(
        first_name="Erika Anna",
        last_name="Muster",
        birth_date=date(1980, 2, 29),
        birth_date_text="19800229",
        chart_number="00-42",
        other_names=(("恵理", "椋"),),
    )


def test_a_name_without_parts_stays_one_name(read: Read) -> None:
    identity = read(dicom(stl_binary(), PatientName="Muster, Erika")).identity
    assert identity == Identity(full_name="Muster, Erika")


def test_the_group_of_models_is_kept(read: Read) -> None:
    assert read(dicom(stl_binary(), ModelGroupUID="2.25.99")).metadata["model_group_uid"] == "2.25.99"


@pytest.mark.parametrize(("unit", "expected"), [("mm", []), ("um", ["unit_not_mm"]), ("", ["unit_missing"])])
def test_any_unit_but_millimetres_is_mentioned(read: Read, unit: str, expected: list[str]) -> None:
    assert codes(read(dicom(stl_binary(), unit=unit))) == expected


def test_dicom_that_holds_something_else_is_no_scan(read: Read) -> None:
    content = dicom(b"%PDF-1.4", sop="1.2.840.10008.5.1.4.1.1.104.1", MIMETypeOfEncapsulatedDocument="application/pdf")
    with pytest.raises(NotAMesh, match="image or a document"):
        read(content)


def test_a_cut_model_in_dicom_is_refused(read: Read) -> None:
    with pytest.raises(Truncated):
        read(dicom(stl_binary()[:-50]))
    content = dicom(stl_binary())
    with pytest.raises((Truncated, BadStructure)):
        read(content[: len(content) // 2])


def test_refusals_never_repeat_patient_data(read: Read) -> None:
    content = dicom(stl_binary()[:-50], PatientName="Secretname^Erika", PatientID="S-1")
    with pytest.raises(MeshError) as refusal:
        read(content)
    assert "Secretname" not in f"{refusal.value.message}{refusal.value.data}"


def test_the_sample_of_dcmtk_is_read() -> None:
    reading = open_mesh(shared("dcm", "encapsulated_stl.dcm"))
    assert (reading.mesh.face_count, codes(reading)) == (576, ["unit_not_mm"])
