"""What names say, in the languages of clinics, and what they must not be taken to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scans.classification.by_filename import DOUBTFUL, FOLDER, TOKENS, WEAK, by_filename, by_folder
from scans.classification.verdict import Arch, Role, Side
from scans.classification.words import is_structural, looks_like_name

U, L, B = Arch.UPPER, Arch.LOWER, Arch.BOTH


@pytest.mark.parametrize(
    ("name", "arch", "role"),
    [
        ("anna_upper.stl", U, Role.ARCH),
        ("LowerJaw.ply", L, Role.ARCH),
        ("annaupperjawscan.stl", U, Role.ARCH),
        ("Muster Oberkiefer.stl", U, Role.ARCH),
        ("Muster_unten.stl", L, Role.ARCH),
        ("hasta_üst_çene.stl", U, Role.ARCH),
        ("hasta_alt_çene.stl", L, Role.ARCH),
        ("KAPANIŞ.stl", B, Role.BITE),
        ("Иванов верхняя челюсть.stl", U, Role.ARCH),
        ("Иванов_НЧ.stl", L, Role.ARCH),
        ("прикус.stl", B, Role.BITE),
        ("홍길동_상악.stl", U, Role.ARCH),
        ("홍길동_하악.stl", L, Role.ARCH),
        ("교합.stl", B, Role.BITE),
        ("arcada superior.stl", U, Role.ARCH),
        ("paciente_inferior.stl", L, Role.ARCH),
        ("mordida derecha.stl", B, Role.BITE),
        ("anna upper prep.stl", U, Role.PREPARATION),
        ("lower_antagonist.stl", L, Role.ANTAGONIST),
        ("upper_pre-op.stl", U, Role.PRE_PREPARATION),
        ("lower situ.stl", L, Role.PRE_PREPARATION),
        ("upper_pre_preparation.stl", U, Role.PRE_PREPARATION),
        ("upper scanbody.stl", U, Role.SCAN_BODY),
        ("lower_gingiva_mask.stl", L, Role.GINGIVA),
        ("upper wax-up.stl", U, Role.WAX_UP),
        ("upper_denture.stl", U, Role.DENTURE),
        ("lower impression.stl", L, Role.IMPRESSION),
        ("FaceScan.obj", Arch.UNKNOWN, Role.FACE),
    ],
)
def test_whole_words_decide(name: str, arch: Arch, role: Role) -> None:
    vote = by_filename(f"some/{name}")
    assert (vote.arch, vote.role, vote.confidence) == (arch, role, TOKENS)


@pytest.mark.parametrize(
    "name",
    [
        "Upperton.stl",
        "Upperton, Bitey.stl",
        "Bite, Max.stl",
        "Lowery.ply",
        "Prepska.stl",
        "scan.stl",
        "",
        "Müller_ok.stl",
    ],
)
def test_a_patient_s_name_decides_nothing(name: str) -> None:
    vote = by_filename(name)
    assert (vote.arch, vote.role, vote.confidence) == (Arch.UNKNOWN, Role.UNKNOWN, 0.0)


@pytest.mark.parametrize(
    ("name", "arch"), [("Upperton_lower.ply", L), ("Bite, Max UpperJawScan.stl", U), ("Lower, Ann upper.stl", U)]
)
def test_behind_a_patient_s_name_the_scanner_s_word_decides(name: str, arch: Arch) -> None:
    vote = by_filename(name)
    assert (vote.arch, vote.role, vote.confidence) == (arch, Role.ARCH, TOKENS)


@pytest.mark.parametrize(
    "name", ["Upper_John.stl", "Bite Max.stl", "john upper smith.stl", "upper and lower.stl", "lower_bite1.stl"]
)
def test_a_word_among_others_leaves_it_to_a_person(name: str) -> None:
    assert by_filename(name).confidence == DOUBTFUL


@pytest.mark.parametrize(
    ("name", "arch"),
    [("Muster_OK.stl", U), ("Muster_UK.stl", L), ("x sup.stl", U), ("x inf.stl", L), ("Anna Wachs.stl", Arch.UNKNOWN)],
)
def test_an_abbreviation_needs_a_second_witness(name: str, arch: Arch) -> None:
    vote = by_filename(name)
    assert (vote.arch, vote.confidence) == (arch, WEAK)


def test_names_composed_by_another_system_are_the_same_names() -> None:
    assert by_filename("u\u0308st.stl").arch is by_filename("\u00fcst.stl").arch is U
    assert by_filename("\u1109\u1161\u11bc\u110b\u1161\u11a8.stl").arch is U


@pytest.mark.parametrize(
    ("name", "side", "index"),
    [
        ("bite left.stl", Side.LEFT, None),
        ("bite left and right.stl", Side.NONE, None),
        ("bite_R.stl", Side.RIGHT, None),
        ("BiteScan 2.stl", Side.NONE, 2),
        ("occlusionfirst.obj", Side.NONE, 1),
        ("second bite.stl", Side.NONE, None),
        ("upper_l.stl", Side.NONE, None),
        ("upper_20260101.stl", Side.NONE, None),
        ("upper_1 (4).stl", Side.NONE, 1),
    ],
)
def test_side_and_index(name: str, side: Side, index: int | None) -> None:
    vote = by_filename(name)
    assert (vote.side, vote.index) == (side, index)


def test_the_words_of_a_known_patient_are_not_read() -> None:
    assert by_filename("BiteMaxUpper.stl", ["Bite, Max"]).role is Role.ARCH
    assert by_filename("Max Bite.stl", ["Bite, Max"]).role is Role.UNKNOWN
    assert by_filename("Max Bite.stl").role is Role.BITE


@pytest.mark.parametrize(
    ("path", "arch", "confidence"),
    [
        ("1/Scans/Upper/x.dcm", U, FOLDER),
        ("Lower jaw/STL/x.stl", L, FOLDER),
        ("Upperton/x.stl", Arch.UNKNOWN, 0.0),
        ("Upper/Anna/x.stl", Arch.UNKNOWN, 0.0),
        ("x.stl", Arch.UNKNOWN, 0.0),
    ],
)
def test_folders_speak_when_they_only_name_a_jaw(path: str, arch: Arch, confidence: float) -> None:
    vote = by_folder(path)
    assert (vote.arch, vote.confidence) == (arch, confidence)


@pytest.mark.parametrize("name", ["Geheimrat_upper.stl", "Geheimrat, Otto BiteScan 2.stl", "Upper_Geheimrat.stl"])
def test_evidence_holds_no_part_of_a_patient_s_name(name: str) -> None:
    evidence = by_filename(name).evidence.casefold()
    assert evidence
    assert not any(part in evidence for part in ("geheimrat", "otto"))


def test_what_looks_like_a_name() -> None:
    assert [
        looks_like_name(text) for text in ("Anna", "Muster, Anna", "홍길동", "ios001", "scan", "2026-01-01", "")
    ] == [
        *(True, True, True),
        *(False, False, False, False),
    ]


def test_folders_that_only_order_files() -> None:
    assert all(is_structural(folder) for folder in ("Scans", "Upper", "STL", "3SCom", "Lower Jaw", "Raw 2"))
    assert not any(is_structural(folder) for folder in ("Anna", "Upperton", "ios001", "___", "2026-01-01"))


@given(st.text())
def test_any_name_gets_a_vote(name: str) -> None:
    vote = by_filename(name)
    assert (vote.confidence > 0) == (vote.arch is not Arch.UNKNOWN or vote.role is not Role.UNKNOWN)
