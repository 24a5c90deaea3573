"""Unpacking 7z: the rules of zips hold, and nothing but ArchiveError comes out of the worst of them."""

import random
import struct
from pathlib import Path
from typing import Any

import py7zr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scans.meshes.archive_7z import extract_7z
from scans.meshes.archive_entries import Extracted, is_7z
from scans.meshes.errors import ArchiveError
from scans.meshes.limits import ArchiveLimits
from tests.meshes.seven_zips import LZMA2, STORED, relisted, renamed, sevenzipped, with_attributes, with_dictionary

SMALL = ArchiveLimits(
    entries=5, entry_bytes=50_000, total_bytes=120_000, ratio=20, ratio_from_bytes=10_000, path_characters=60
)
NOISE = random.Random(1).randbytes(30_000)
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "upload"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def unpack(archive: Path, content: bytes, folder: Path, limits: ArchiveLimits = SMALL) -> list[Extracted]:
    archive.write_bytes(content)
    return list(extract_7z(archive, folder, limits))


def problems(results: list[Extracted]) -> list[str]:
    return [result.error.code if result.error else "" for result in results]


def refusal(archive: Path, content: bytes, folder: Path, limits: ArchiveLimits = SMALL) -> str:
    with pytest.raises(ArchiveError) as refused:
        unpack(archive, content, folder, limits)
    assert list(folder.iterdir()) == []
    return refused.value.code


@pytest.mark.parametrize(
    "packing",
    [
        LZMA2,
        STORED,
        [{"id": py7zr.FILTER_LZMA}],
        [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
        [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA}],
        [{"id": py7zr.FILTER_DELTA, "dist": 4}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    ],
)
def test_members_come_out_byte_for_byte_under_neutral_names(archive: Path, folder: Path, packing) -> None:
    content = sevenzipped(("Erika Muster/upper.stl", NOISE), ("empty", b""), ("b.xml", b"<a/>"), packing=packing)
    assert is_7z(content)
    results = unpack(archive, content, folder)
    assert [r.member.path for r in results] == ["Erika Muster/upper.stl", "empty", "b.xml"]
    assert [r.file.read_bytes() for r in results if r.file] == [NOISE, b"", b"<a/>"]
    assert all(r.file and r.file.parent == folder and r.file.name.isdigit() for r in results)


def test_a_packed_list_of_entries_is_read_and_folders_are_no_members(archive: Path, folder: Path) -> None:
    (archive.parent / "case" / "scans").mkdir(parents=True)
    (archive.parent / "case" / "scans" / "upper.stl").write_bytes(NOISE)
    with py7zr.SevenZipFile(archive, "w", filters=LZMA2) as file:
        file.writeall(archive.parent / "case", "case")
    assert [r.member.path for r in extract_7z(archive, folder, SMALL)] == ["case/scans/upper.stl"]


def test_members_of_several_blocks_come_out(archive: Path, folder: Path) -> None:
    archive.write_bytes(sevenzipped(("a.stl", NOISE)))
    with py7zr.SevenZipFile(archive, "a") as file:
        file.writestr(NOISE[::-1], "b.stl")
    results = list(extract_7z(archive, folder, SMALL))
    assert [r.file.read_bytes() for r in results if r.file] == [NOISE, NOISE[::-1]]


@pytest.mark.parametrize(
    "name",
    [*("../x.stl", "a/../../x.stl", "/etc/x.stl", "C:/x.stl", "..\\x.stl", "\\\\host\\x"), *("a//x", "./x", "x\x01.s")],
)
def test_a_name_that_leads_out_is_refused_and_the_rest_unpacked(archive: Path, folder: Path, name: str) -> None:
    content = renamed(sevenzipped(("n" * len(name), b"bad"), ("good.stl", NOISE)), "n" * len(name), name)
    results = unpack(archive, content, folder)
    assert problems(results) == ["unsafe_name", ""]
    assert [path.read_bytes() for path in folder.iterdir()] == [NOISE]
    assert len(list(folder.parent.rglob("*"))) == 3


@pytest.mark.parametrize(
    ("attributes", "code"),
    [(0o120777 << 16 | 0x8000, "link"), (0x400, "link"), (0o020666 << 16 | 0x8000, "special_file")],
)
def test_links_and_devices_are_refused(archive: Path, folder: Path, attributes: int, code: str) -> None:
    content = with_attributes(sevenzipped(("link.stl", b"/etc/passwd"), ("good.stl", NOISE)), attributes)
    assert problems(unpack(archive, content, folder)) == [code, ""]
    assert not any(path.is_symlink() for path in folder.iterdir())


def test_a_real_link_is_refused(archive: Path, folder: Path) -> None:
    (archive.parent / "case").mkdir()
    (archive.parent / "case" / "link.stl").symlink_to("/etc/passwd")
    with py7zr.SevenZipFile(archive, "w") as file:
        file.writeall(archive.parent / "case", "case")
    assert problems(list(extract_7z(archive, folder, SMALL))) == ["link"]


@pytest.mark.parametrize("hidden", [False, True])
def test_an_archive_with_a_password_is_refused_in_words_that_help(archive: Path, folder: Path, hidden: bool) -> None:
    with py7zr.SevenZipFile(archive, "w", password="geheim", header_encryption=hidden) as file:
        file.writestr(NOISE, "a.stl")
    try:
        [error] = [result.error for result in extract_7z(archive, folder, SMALL)]
    except ArchiveError as refused:
        error = refused
    assert error is not None
    assert (error.code, error.message.split(". ")[1]) == ("encrypted", "Please send it without one.")


@pytest.mark.parametrize(
    "packing",
    [
        [{"id": py7zr.FILTER_DEFLATE}],
        [{"id": py7zr.FILTER_BZIP2}],
        [{"id": py7zr.FILTER_ZSTD, "level": 3}],
        [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 20}],
    ],
)
def test_packings_without_an_upper_limit_are_refused(archive: Path, folder: Path, packing) -> None:
    assert problems(unpack(archive, sevenzipped(("a.stl", NOISE), packing=packing), folder)) == ["unsupported_packing"]


def test_a_dictionary_beyond_the_limit_is_refused(archive: Path, folder: Path) -> None:
    content = with_dictionary(sevenzipped(("a.stl", NOISE)), 2 * 1024**3)
    assert problems(unpack(archive, content, folder)) == ["unsupported_packing"]


def test_a_wrong_checksum_costs_only_its_member(archive: Path, folder: Path) -> None:
    content = sevenzipped(("a.stl", NOISE), ("b.stl", b"good"), packing=STORED).replace(NOISE[:50], b"x" * 50, 1)
    assert problems(unpack(archive, content, folder)) == ["bad_crc", ""]
    assert [path.read_bytes() for path in folder.iterdir()] == [b"good"]


def test_a_damaged_block_costs_what_lies_behind_the_damage(archive: Path, folder: Path) -> None:
    digits = NOISE.hex().encode()[:40_000]
    whole = sevenzipped(("a.stl", digits[:9_000]), ("b.stl", digits), ("c.stl", digits[:100]))
    results = unpack(archive, whole[:15_000] + bytes(40) + whole[15_040:], folder)
    assert [result.error is None for result in results] == [True, False, False]
    assert set(problems(results[1:])) <= {"bad_crc", "broken_entry", "size_mismatch"}


def test_the_same_path_twice_is_marked(archive: Path, folder: Path) -> None:
    results = unpack(archive, sevenzipped(("a.stl", b"first"), ("a.stl", b"second")), folder)
    assert [r.member.is_duplicate for r in results] == [False, True]
    assert [r.file.read_bytes() for r in results if r.file] == [b"first", b"second"]


@pytest.mark.parametrize("inner", [sevenzipped(("upper.stl", NOISE)), b"PK\x03\x04rest", b"Rar!\x1a\x07\x00"])
def test_an_archive_inside_is_reported_not_opened(archive: Path, folder: Path, inner: bytes) -> None:
    content = sevenzipped(("case.7z", inner), ("b.stl", b"x"))
    assert problems(unpack(archive, content, folder)) == ["nested_archive", ""]


def test_a_member_beyond_the_limit_is_refused_and_the_next_one_unpacked(archive: Path, folder: Path) -> None:
    content = sevenzipped(("a.stl", NOISE + NOISE), ("b.stl", b"good"))
    results = unpack(archive, content, folder)
    assert problems(results) == ["entry_too_large", ""]
    assert [path.read_bytes() for path in folder.iterdir()] == [b"good"]


def test_a_bomb_is_not_unpacked(archive: Path, folder: Path) -> None:
    assert problems(unpack(archive, sevenzipped(("a.stl", bytes(45_000))), folder)) == ["ratio"]
    assert list(folder.iterdir()) == []


def test_the_total_counts_all_members(archive: Path, folder: Path) -> None:
    content = sevenzipped(*((f"{i}.stl", NOISE) for i in range(5)))
    assert refusal(archive, content, folder) == "archive_too_large"


def test_too_many_members_are_refused(archive: Path, folder: Path) -> None:
    assert refusal(archive, sevenzipped(*((f"{i}.stl", b"x") for i in range(6))), folder) == "too_many_entries"


def test_a_list_of_entries_larger_than_allowed_is_not_read(archive: Path, folder: Path) -> None:
    content = sevenzipped(*((f"{i}.stl", b"x") for i in range(50)))
    assert refusal(archive, content, folder, ArchiveLimits(directory_bytes=1000)) == "too_many_entries"


@pytest.mark.parametrize("size", [10, 29_999])
def test_a_member_that_is_longer_than_it_says_is_refused(archive: Path, folder: Path, size: int) -> None:
    assert problems(unpack(archive, _declaring(size), folder)) == ["bad_crc"]


@pytest.mark.parametrize("size", [30_001, 49_999])
def test_a_member_that_is_shorter_than_it_says_is_refused(archive: Path, folder: Path, size: int) -> None:
    [code] = problems(unpack(archive, _declaring(size), folder))
    assert code in ("broken_entry", "size_mismatch")
    assert list(folder.iterdir()) == []


def test_a_stored_member_that_goes_on_beyond_the_end_of_the_file_is_refused(archive: Path, folder: Path) -> None:
    assert problems(unpack(archive, _declaring(49_999, STORED), folder)) == ["size_mismatch"]


def _declaring(size: int, packing: list[dict[str, Any]] = LZMA2) -> bytes:
    """NOISE in an archive whose list claims another size; 7z writes numbers below 64 kB with a mark of two bits."""
    written, wanted = (struct.pack("<BH", 0xC0, length) for length in (len(NOISE), size))
    content = sevenzipped(("a.stl", NOISE), packing=packing)
    return relisted(content, lambda listed: listed.replace(written, wanted))


def test_members_of_one_block_that_claim_more_than_the_block_holds_are_refused(archive: Path, folder: Path) -> None:
    content = sevenzipped(("a.stl", b"a" * 40), ("b.stl", b"b" * 3))
    claiming = relisted(content, lambda listed: listed.replace(b"\x09\x28\x0a", b"\x09\x7f\x0a"))
    assert claiming != content
    assert refusal(archive, claiming, folder) == "broken_archive"


def test_other_files_are_no_7z(archive: Path, folder: Path) -> None:
    assert refusal(archive, b"solid x" * 10, folder) == "not_an_archive"


def test_a_7z_cut_at_any_byte_is_refused(archive: Path, folder: Path) -> None:
    content = sevenzipped(("a.stl", NOISE[:300]), ("b.stl", b"x"))
    for length in range(len(content)):
        archive.write_bytes(content[:length])
        with pytest.raises(ArchiveError):
            list(extract_7z(archive, folder, SMALL))


@FEW
@given(place=st.floats(0, 1), put=st.binary(min_size=1, max_size=12))
def test_a_damaged_7z_gives_reports_or_archive_error(archive: Path, place: float, put: bytes) -> None:
    whole = sevenzipped(("a.stl", NOISE[:200]), ("b/c.stl", b"x"))
    at = int(place * len(whole))
    _require_reports_or_refusal(archive, whole[:at] + put + whole[at + len(put) :])


@FEW
@given(place=st.floats(0, 1), removed=st.integers(0, 12), put=st.binary(max_size=12))
def test_a_hostile_list_gives_reports_or_archive_error(archive: Path, place: float, removed: int, put: bytes) -> None:
    def change(listed: bytes) -> bytes:
        at = int(place * len(listed))
        return listed[:at] + put + listed[at + removed :]

    whole = sevenzipped(("a.stl", NOISE[:200]), ("b/c.stl", b"x"), ("empty", b""))
    _require_reports_or_refusal(archive, relisted(whole, change))


def _require_reports_or_refusal(archive: Path, content: bytes) -> None:
    target = archive.parent / "fuzz"
    target.mkdir(exist_ok=True)
    for left in target.iterdir():
        left.unlink()
    try:
        results = unpack(archive, content, target)
    except ArchiveError:
        return
    assert all((result.file is None) == (result.error is not None) for result in results)
    assert all(result.file.stat().st_size == result.member.declared_bytes for result in results if result.file)


def test_messages_never_repeat_names(archive: Path, folder: Path) -> None:
    [result] = unpack(archive, renamed(sevenzipped(("xx/Secretname.stl", b"x")), "xx/", "../"), folder)
    assert result.error is not None
    assert "Secretname" not in result.error.message
