"""What holds for every listing, whoever made it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scans.classification.verdict import Arch, Category, Role
from scans.exports import (
    EXPORT_READERS,
    CaseManifest,
    EntryKind,
    ExportError,
    ExportFile,
    SeveralCases,
    Source,
    read_export,
)
from scans.exports.sidecar import SIDECAR_BYTES
from tests.exports.listings import ITERO_V50, TRIOS_ORDER, entry, kinds, listing, verdicts

BOMB = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<iTeroExport Version="5.0"><RxInfo><Patient>&b;</Patient></RxInfo></iTeroExport>"""
OUTSIDE = """<!DOCTYPE r SYSTEM "file:///etc/passwd"><iTeroExport Version="5.0"/>"""

PARTS = st.sampled_from(
    [
        *(
            "upper",
            "lower",
            "bite",
            "Scans",
            "CAD",
            "UpperJawScan",
            "BiteScan",
            "2",
            "_",
            "-",
            ".",
            "#",
            "(",
            ")",
            ",",
            "/",
        ),
        *(
            "123_shell_occlusion_u",
            "_bite1",
            "upper_jaw_with_ditch_#7",
            "itero_export_#1_v50.xml",
            "__MACOSX",
            "backup",
        ),
        *(
            "maxillary",
            "Maxilla_Base",
            "2026-09-09",
            "2026-13-45",
            "'s Case",
            "-UpperJaw",
            "-TotalJaw0",
            "_exo",
            "ios001",
        ),
        *(
            "OK",
            "상악",
            "üst",
            "ПРИКУС",
            "٣",
            "²",
            "\ud800",
            ".stl",
            ".ply",
            ".obj",
            ".mtl",
            ".jpg",
            ".xml",
            ".dcm",
            ".dxd",
        ),
        *(".dentalProject", ".matrix4", ".pts"),
    ]
)
NAMES = st.one_of(st.lists(PARTS, max_size=6).map("".join), st.text(max_size=30))
CONTENTS = st.one_of(
    st.sampled_from([b"", ITERO_V50.encode(), TRIOS_ORDER.encode(), BOMB.encode(), b"1 " * 16, b"\xff\xfe<\x00"]),
    st.binary(max_size=40),
)
FILES = st.lists(
    st.builds(lambda path, content: ExportFile(path, len(content), lambda: content), NAMES, CONTENTS), max_size=8
)


CODES = {"several_cases", "empty", "native_only", "nothing_usable"}


def outcome(files: list[ExportFile]) -> CaseManifest | ExportError:
    """The manifest or the refusal; anything else breaks the test that asked."""
    try:
        return read_export(files)
    except ExportError as refusal:
        return refusal


@given(FILES)
def test_any_listing_is_read_line_by_line_or_refused_by_name(files: list[ExportFile]) -> None:
    found = outcome(files)
    if isinstance(found, ExportError):
        assert (found.code in CODES, bool(found.message)) == (True, True)
        return
    assert [one.path for one in found.entries] == [file.path for file in files]
    assert all(one.note for one in found.entries if one.kind is not EntryKind.MESH)
    assert all(0 <= verdict.confidence <= 1 for verdict in verdicts(found).values())


@given(FILES)
def test_one_file_is_never_several_cases(files: list[ExportFile]) -> None:
    assert not [file.path for file in files if isinstance(outcome([file]), SeveralCases)]


def test_every_entry_gets_a_line_in_the_order_of_the_listing() -> None:
    paths = ["b/upper.stl", ".DS_Store", "b/upper.mtl", "b/lower.stl", "b/notes.txt", "b/what.xyz1", "Thumbs.db"]
    manifest = read_export(listing(*paths))
    assert [one.path for one in manifest.entries] == paths
    assert all(one.note for one in manifest.entries if one.kind is not EntryKind.MESH)


def test_the_table_names_every_source_and_the_catch_all_last() -> None:
    """Medit twice: by its folder before 3Shape's names, by its own names after them."""
    assert [reader.source for reader in EXPORT_READERS] == [
        Source.ITERO,
        Source.MEDIT,
        Source.THREESHAPE,
        Source.MEDIT,
        Source.EXOCAD,
        Source.OTHER,
    ]


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_a_side_car_with_a_dtd_is_refused_and_the_names_decide(text: str) -> None:
    manifest = read_export(listing("1_shell_occlusion_u.stl", contents={"itero_export_#1_v50.xml": text}))
    assert entry(manifest, "itero_export_#1_v50.xml").note.startswith("Refused")
    assert verdicts(manifest)["1_shell_occlusion_u.stl"].category is Category.UPPER


@pytest.mark.parametrize("text", [ITERO_V50[:200], "", "<a>&nbsp;</a>", "<?xml version='1.0' encoding='klingon'?><a/>"])
def test_a_broken_side_car_costs_a_note_and_not_the_case(text: str) -> None:
    manifest = read_export(listing("upper.stl", "lower.stl", contents={"order.xml": text}))
    assert "broken" in entry(manifest, "order.xml").note
    assert len(manifest.meshes) == 2


def test_a_huge_side_car_is_not_even_read() -> None:
    def read() -> bytes:
        raise AssertionError("read in spite of its size")

    manifest = read_export([*listing("upper.stl"), ExportFile("order.xml", SIDECAR_BYTES + 1, read)])
    assert "Too large" in entry(manifest, "order.xml").note


def test_a_side_car_in_utf16_is_read() -> None:
    content = ITERO_V50.replace('encoding="utf-8"', 'encoding="utf-16"').encode("utf-16")
    manifest = read_export(listing("scan_a.ply", contents={"itero_export_#45678901_v50.xml": content}))
    assert manifest.identity.full_name == "Beispiel, Berta"


@pytest.mark.parametrize(
    ("name", "way_out"),
    [("a.dxd", "DS Core"), ("a.cszx", "File > Export"), ("a.meditMesh", "Medit Link"), ("a.3ml", ".dcm")],
)
def test_closed_formats_are_refused_with_the_way_out(name: str, way_out: str) -> None:
    with pytest.raises(ExportError) as caught:
        read_export(listing(name))
    assert caught.value.code == "native_only"
    assert way_out in caught.value.message
    manifest = read_export(listing("upper.stl", name))
    assert (entry(manifest, name).kind, way_out in entry(manifest, name).note) == (EntryKind.NATIVE, True)


@pytest.mark.parametrize(("paths", "code"), [([], "empty"), (["a.pdf", ".DS_Store"], "nothing_usable")])
def test_nothing_usable_is_said(paths: list[str], code: str) -> None:
    with pytest.raises(ExportError) as caught:
        read_export(listing(*paths))
    assert caught.value.code == code


def test_two_patients_in_one_upload_are_named() -> None:
    with pytest.raises(SeveralCases) as caught:
        read_export(listing("anna_upper.stl", "anna_lower.stl", "ben_upper.stl"))
    assert caught.value.data["cases"] == ["anna", "ben"]


@pytest.mark.parametrize(
    "paths",
    [
        ["1_upper.stl", "2_lower.stl", "3_bite.stl"],
        ["scan.stl", "scan2.stl"],
        ["Upper/scan.stl", "Lower/scan.stl", "Bite/scan.stl"],
        ["case/STL/anna upper.stl", "case/PLY/anna upper.ply"],
        ["anna_upper.stl", "lower.stl", "something.stl"],
        ["AnnaMuster_upper.stl", "annamuster_lower.stl"],
        ["Anna Muster upper.stl", "anna_muster_LOWER.stl", "ANNA-MUSTER-bite-left.stl"],
        ["7_shell_occlusion_u.stl", "7_shell_occlusion_l.stl", "lower jaw prep.stl", "odd.stl"],
    ],
)
def test_one_case_is_not_taken_apart(paths: list[str]) -> None:
    assert len(read_export(listing(*paths)).entries) == len(paths)


@pytest.mark.parametrize(
    "paths",
    [
        ["1_upper.stl", "1_lower.stl", "2_upper.stl", "2_lower.stl"],
        ["a/upper.stl", "b/upper.stl"],
        ["2026-01-02 upper.stl", "2026-01-03 upper.stl"],
        ["ios001_upper.ply", "ios002_upper.ply"],
        ["1_23_upper.stl", "12_3_upper.stl"],
        ["A/Scans/Upper/PreparationScan.dcm", "B/Scans/Upper/PreparationScan.dcm"],
    ],
)
def test_several_cases_are_never_taken_as_one(paths: list[str]) -> None:
    with pytest.raises(SeveralCases):
        read_export(listing(*paths))


def test_two_words_before_the_jaw_may_be_a_patient() -> None:
    assert read_export(listing("Anna Muster upper.stl")).identity.full_name == "Anna Muster"
    assert read_export(listing("phantom upper.stl")).identity.is_empty
    assert read_export(listing("ios001_upper.stl")).identity.is_empty


def test_a_texture_named_in_the_material_belongs_to_the_mesh() -> None:
    material = "newmtl a\nmap_Kd C:\\scans\\colour map.png\n"
    manifest = read_export(listing("upper.obj", "colour map.png", "screenshot.png", contents={"upper.mtl": material}))
    assert entry(manifest, "upper.obj").companions == ("upper.mtl", "colour map.png")
    assert kinds(manifest)["screenshot.png"] is EntryKind.DOCUMENT


@pytest.mark.parametrize("place", ["tex\\upper_c.png", "C:\\out\\tex\\upper_c.png", "/x/upper_c.png"])
def test_a_texture_in_a_folder_below_belongs_to_the_mesh(place: str) -> None:
    contents = {"case/mtl/upper.mtl": f"newmtl a\nmap_Kd {place}\n"}
    manifest = read_export(listing("case/upper.obj", "case/tex/upper_c.png", "case/lower.stl", contents=contents))
    assert entry(manifest, "case/upper.obj").companions == ("case/mtl/upper.mtl", "case/tex/upper_c.png")
    assert kinds(manifest)["case/tex/upper_c.png"] is EntryKind.COMPANION


def test_of_textures_of_one_name_the_named_folder_decides_else_the_nearest() -> None:
    paths = ["case/upper.obj", "case/b/t.png", "case/a/t.png", "case/t.png"]
    for named, chosen in (("a/t.png", "case/a/t.png"), ("t.png", "case/t.png"), ("c/t.png", "case/t.png")):
        manifest = read_export(listing(*paths, contents={"case/upper.mtl": f"map_Kd {named}\n"}))
        assert entry(manifest, "case/upper.obj").companions == ("case/upper.mtl", chosen)


def test_pictures_around_a_mesh_that_names_none_are_those_without_a_nearer_mesh() -> None:
    paths = ["case/upper.ply", "case/tex/1.png", "case/ply/lower.ply", "case/ply/2.png", "case/3.png"]
    manifest = read_export(listing(*paths))
    assert entry(manifest, "case/upper.ply").companions == ("case/3.png", "case/tex/1.png")
    assert entry(manifest, "case/ply/lower.ply").companions == ("case/ply/2.png",)


def test_a_gallery_below_is_no_texture() -> None:
    gallery = [f"case/pictures/{number}.jpg" for number in range(25)]
    assert entry(read_export(listing("case/upper.ply", *gallery)), "case/upper.ply").companions == ()


def test_a_mesh_names_its_other_formats_best_first() -> None:
    formats = ["upper.stl", "upper.dcm", "upper.obj", "upper.ply"]
    manifest = read_export(listing(*formats, "lower.stl", "upper.png", contents={"upper.mtl": "map_Kd upper.png\n"}))
    assert entry(manifest, "upper.ply").alternates == ("upper.obj", "upper.stl", "upper.dcm")
    assert entry(manifest, "lower.stl").alternates == ()
    other = entry(manifest, "upper.obj")
    assert (other.kind, other.alternates) == (EntryKind.ALTERNATE, ())
    assert other.companions == ("upper.mtl", "upper.png")
    assert other.votes == entry(manifest, "upper.ply").votes != ()
    assert "instead" in other.note


def test_a_picture_beside_an_stl_is_a_document() -> None:
    assert kinds(read_export(listing("upper.stl", "upper.png")))["upper.png"] is EntryKind.DOCUMENT


def test_a_left_over_scan_gets_a_hint_and_still_needs_a_person() -> None:
    verdict = verdicts(read_export(listing("anna_upper.stl", "anna.stl")))["anna.stl"]
    assert (verdict.arch, verdict.role, verdict.needs_person) == (Arch.LOWER, Role.ARCH, True)
