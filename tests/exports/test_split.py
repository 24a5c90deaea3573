"""A folder on disk that holds many exports, taken apart."""

from hypothesis import given

from scans.exports import LEFT_OVER, ExportFile, SeveralCases, read_export, split_into_cases
from tests.exports.listings import EXOCAD_PROJECT, ITERO_V50, listing
from tests.exports.test_any_export import FILES


def parts(*paths: str, **contents: str) -> list[tuple[str, list[str]]]:
    return [
        (label, [file.path for file in files]) for label, files in split_into_cases(listing(*paths, contents=contents))
    ]


def test_loose_pairs_are_told_apart_by_their_prefix() -> None:
    assert parts("ios001_lower.ply", "ios001_upper.ply", "ios002_lower.ply", "meshsegnet-webdemo_124_upper.obj") == [
        ("ios001", ["ios001_lower.ply", "ios001_upper.ply"]),
        ("ios002", ["ios002_lower.ply"]),
        ("meshsegnet-webdemo_124", ["meshsegnet-webdemo_124_upper.obj"]),
    ]


def test_sub_folders_are_cases_and_folders_inside_an_order_are_not() -> None:
    assert parts(
        "A/Scans/Upper/x.dcm", "A/Scans/Lower/y.dcm", "B/upper.stl", "B/STL/lower.stl", "C/1.stl", "C/2.stl"
    ) == [
        ("A", ["A/Scans/Upper/x.dcm", "A/Scans/Lower/y.dcm"]),
        ("B", ["B/upper.stl", "B/STL/lower.stl"]),
        ("C", ["C/1.stl", "C/2.stl"]),
    ]


def test_loose_meshes_that_tell_nothing_are_cases_of_their_own() -> None:
    assert [label for label, _ in parts("threejs_138.ply", "threejs_139.ply", "threejs_139.stl")] == [
        "threejs_138",
        "threejs_139",
    ]


def test_side_cars_and_textures_follow_their_case() -> None:
    found = parts(
        "a upper.obj",
        "a upper.mtl",
        "9_shell_occlusion_u.stl",
        "b-UpperJaw.stl",
        **{"b.dentalProject": EXOCAD_PROJECT, "itero_export_#9_v50.xml": ITERO_V50.replace("45678901", "9")},
    )
    assert dict(found) == {
        "a": ["a upper.obj", "a upper.mtl"],
        "9": ["9_shell_occlusion_u.stl", "itero_export_#9_v50.xml"],
        "b": ["b-UpperJaw.stl", "b.dentalProject"],
    }


def test_what_fits_no_case_is_not_lost() -> None:
    assert parts("a_upper.stl", "b_upper.stl", "price list.pdf")[-1] == (LEFT_OVER, ["price list.pdf"])


def test_an_empty_folder_has_no_cases() -> None:
    assert split_into_cases([]) == []


@given(FILES)
def test_splitting_loses_nothing_and_invents_nothing(files: list[ExportFile]) -> None:
    cases = split_into_cases(files)
    assert sorted(id(file) for _, inside in cases for file in inside) == sorted(id(file) for file in files)
    assert all(inside for _, inside in cases)


def test_every_part_is_one_case() -> None:
    files = listing(
        "x/1_upper.stl", "x/1_lower.stl", "x/2_upper.stl", "ios001_upper.ply", "ios002_upper.ply", "odd.stl"
    )
    cases = split_into_cases(files)
    refused = []
    for label, inside in cases:
        try:
            read_export(inside)
        except SeveralCases:
            refused.append(label)
    assert (len(cases), refused) == (5, [])
