"""Unpacking zips: everything is reported, nothing leaves the folder, limits count the bytes that really come out."""

import io
import random
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scans.meshes.archive import extract_archive, is_archive
from scans.meshes.archive_entries import Extracted
from scans.meshes.errors import ArchiveError
from scans.meshes.limits import ArchiveLimits

SMALL = ArchiveLimits(
    entries=5, entry_bytes=50_000, total_bytes=120_000, ratio=20, ratio_from_bytes=10_000, path_characters=60
)
NOISE = random.Random(1).randbytes(30_000)
"""Bytes that do not pack, as the coordinates of a scan hardly do."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "upload"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # duplicate names are the point of one test
        for name, content in entries:
            file.writestr(name, content)
    return stream.getvalue()


def unpack(archive: Path, content: bytes, folder: Path, limits: ArchiveLimits = SMALL) -> list[Extracted]:
    archive.write_bytes(content)
    return list(extract_archive(archive, folder, limits))


def names_in(archive: Path, content: bytes, folder: Path) -> list[str]:
    return [result.member.path for result in unpack(archive, content, folder)]


def problems(results: list[Extracted]) -> list[str]:
    return [result.error.code if result.error else "" for result in results]


def test_members_come_out_byte_for_byte_under_neutral_names(archive: Path, folder: Path) -> None:
    results = unpack(
        archive, zipped(("Erika Muster/", b""), ("Erika Muster/upper.stl", NOISE), ("b.xml", b"<a/>")), folder
    )
    assert [r.member.path for r in results] == ["Erika Muster/upper.stl", "b.xml"]
    assert [r.file.read_bytes() for r in results if r.file] == [NOISE, b"<a/>"]
    assert all(r.file and r.file.parent == folder and r.file.name.isdigit() for r in results)


@pytest.mark.parametrize(
    "name",
    [
        *("../x.stl", "a/../../x.stl", "/etc/x.stl", "C:/x.stl", "..\\x.stl", "a\\..\\..\\x.stl"),
        *("\\\\host\\x.stl", "a//x", "./x", "x\x01.stl", "n" * 61),
    ],
)
def test_a_name_that_leads_out_is_refused_and_the_rest_unpacked(archive: Path, folder: Path, name: str) -> None:
    results = unpack(archive, zipped((name, b"bad"), ("good.stl", NOISE)), folder)
    assert problems(results) == ["unsafe_name", ""]
    assert len(list(folder.parent.rglob("*"))) == 3


def test_a_name_with_a_nul_is_refused(archive: Path, folder: Path) -> None:
    content = zipped(("good.stl~.exe", b"bad")).replace(b"good.stl~.exe", b"good.stl\0.exe")
    assert problems(unpack(archive, content, folder)) == ["unsafe_name"]


def test_backslashes_of_old_windows_programs_are_folders(archive: Path, folder: Path) -> None:
    [result] = unpack(archive, zipped(("Scans\\Upper\\x.dcm", b"x")), folder)
    assert result.member.path == "Scans/Upper/x.dcm"


@pytest.mark.parametrize(("mode", "code"), [(0o120777, "link"), (0o020666, "special_file"), (0o010666, "special_file")])
def test_links_and_devices_are_refused(archive: Path, folder: Path, mode: int, code: str) -> None:
    entry = zipfile.ZipInfo("link.stl")
    entry.external_attr = mode << 16
    assert problems(unpack(archive, zipped((entry, b"/etc/passwd"), ("good.stl", NOISE)), folder)) == [code, ""]


def test_an_encrypted_member_is_refused(archive: Path, folder: Path) -> None:
    content = bytearray(zipped(("a.stl", NOISE)))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    assert problems(unpack(archive, bytes(content), folder)) == ["encrypted"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_without_an_upper_limit_are_refused(archive: Path, folder: Path, packing: int) -> None:
    assert problems(unpack(archive, zipped(("a.stl", NOISE), packing=packing), folder)) == ["unsupported_packing"]


def test_a_wrong_checksum_costs_only_its_member(archive: Path, folder: Path) -> None:
    content = zipped(("a.stl", NOISE), ("b.stl", b"good"), packing=zipfile.ZIP_STORED)
    content = content.replace(NOISE[:50], b"x" * 50, 1)
    results = unpack(archive, content, folder)
    assert problems(results) == ["bad_crc", ""]
    assert [path.read_bytes() for path in folder.iterdir()] == [b"good"]


def test_the_same_path_twice_is_marked(archive: Path, folder: Path) -> None:
    results = unpack(archive, zipped(("a.stl", b"first"), ("a.stl", b"second"), ("b.stl", b"x")), folder)
    assert [r.member.is_duplicate for r in results] == [False, True, False]
    assert [r.file.read_bytes() for r in results if r.file] == [b"first", b"second", b"x"]


def test_an_archive_inside_is_reported_not_opened(archive: Path, folder: Path) -> None:
    results = unpack(archive, zipped(("case.zip", zipped(("upper.stl", NOISE))), ("b.stl", b"x")), folder)
    assert problems(results) == ["nested_archive", ""]


def test_an_archive_inside_is_opened_as_far_as_the_depth_allows(archive: Path, folder: Path) -> None:
    innermost = zipped(("deep.stl", b"x"))
    content = zipped(("case.zip", zipped(("upper.stl", NOISE), ("more.zip", innermost))))
    limits = ArchiveLimits(depth=2, ratio=SMALL.ratio)
    results = unpack(archive, content, folder, limits)
    assert [(r.member.container, r.member.path) for r in results] == [
        ("case.zip", "upper.stl"),
        ("case.zip", "more.zip"),
    ]
    assert problems(results) == ["", "nested_archive"]


def lying(content: bytes, size: int) -> bytes:
    """The same zip, whose heads both claim another unpacked size."""
    changed = bytearray(content)
    changed[22:26] = struct.pack("<L", size)
    place = content.index(b"PK\x01\x02") + 24
    changed[place : place + 4] = struct.pack("<L", size)
    return bytes(changed)


@pytest.mark.parametrize("size", [10, len(NOISE) - 1, len(NOISE) + 1])
def test_a_size_that_lies_is_refused(archive: Path, folder: Path, size: int) -> None:
    [code] = problems(unpack(archive, lying(zipped(("a.stl", NOISE)), size), folder))
    assert code in ("bad_crc", "size_mismatch")
    assert list(folder.iterdir()) == []


def test_a_member_beyond_the_limit_is_refused(archive: Path, folder: Path) -> None:
    assert problems(unpack(archive, zipped(("a.stl", bytes(50_001))), folder)) == ["entry_too_large"]


def test_a_member_packed_too_well_is_refused(archive: Path, folder: Path) -> None:
    assert problems(unpack(archive, zipped(("a.stl", bytes(40_000))), folder)) == ["ratio"]
    assert list(folder.iterdir()) == []


def test_the_total_counts_all_members(archive: Path, folder: Path) -> None:
    with pytest.raises(ArchiveError) as refusal:
        unpack(archive, zipped(*((f"{i}.stl", NOISE) for i in range(5))), folder)
    assert refusal.value.code == "archive_too_large"


def test_the_total_counts_archives_inside_too(archive: Path, folder: Path) -> None:
    inner = zipped(("a.stl", NOISE), ("b.stl", NOISE[::-1]), packing=zipfile.ZIP_STORED)
    limits = ArchiveLimits(depth=3, total_bytes=100_000)
    with pytest.raises(ArchiveError) as refusal:
        unpack(archive, zipped(("a.zip", inner)), folder, limits)
    assert refusal.value.code == "archive_too_large"


def test_too_many_members_are_refused(archive: Path, folder: Path) -> None:
    with pytest.raises(ArchiveError) as refusal:
        unpack(archive, zipped(*((f"{i}.stl", b"x") for i in range(6))), folder)
    assert refusal.value.code == "too_many_entries"


def test_a_list_of_entries_larger_than_allowed_is_not_read(archive: Path, folder: Path) -> None:
    content = zipped(*((f"{i}.stl", b"x") for i in range(50)))
    with pytest.raises(ArchiveError) as refusal:
        unpack(archive, content, folder, ArchiveLimits(directory_bytes=1000))
    assert refusal.value.code == "too_many_entries"


def test_entries_that_share_bytes_are_refused(archive: Path, folder: Path) -> None:
    content = bytearray(zipped(("a.stl", NOISE), ("b.stl", NOISE)))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = struct.pack("<L", 8)
    with pytest.raises(ArchiveError) as refusal:
        unpack(archive, bytes(content), folder)
    assert refusal.value.code == "broken_archive"


@pytest.mark.parametrize("name", ["Zähne.stl", "上颌.stl", "верхняя.stl"])
def test_names_in_utf8_are_read_with_and_without_the_flag(archive: Path, tmp_path: Path, name: str) -> None:
    for out in ("with", "without"):
        (tmp_path / out).mkdir()
    content = bytearray(zipped((name, b"x")))
    assert names_in(archive, bytes(content), tmp_path / "with") == [name]
    content[7] &= ~0x08
    content[content.index(b"PK\x01\x02") + 9] &= ~0x08
    assert names_in(archive, bytes(content), tmp_path / "without") == [name]


def test_names_of_old_zips_are_cp437(archive: Path, folder: Path) -> None:
    content = zipped(("M_ller.stl", b"x")).replace(b"M_ller", b"M\x81ller")
    assert names_in(archive, content, folder) == ["Müller.stl"]


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"7z\xbc\xaf\x27\x1c" + bytes(50), "no ZIP"), (b"Rar!\x1a\x07\x00", "RAR"), (b"solid x", "no ZIP")],
)
def test_other_archives_are_named(archive: Path, folder: Path, content: bytes, word: str) -> None:
    assert not is_archive(content)
    with pytest.raises(ArchiveError, match=word) as refusal:
        unpack(archive, content, folder)
    assert refusal.value.code == "not_an_archive"


def test_a_zip_cut_at_any_byte_is_refused(archive: Path, folder: Path) -> None:
    content = zipped(("a.stl", NOISE[:300]), ("b.stl", b"x"))
    accepted = []
    for length in range(len(content)):
        try:
            unpack(archive, content[:length], folder)
        except ArchiveError:
            continue
        accepted.append(length)
    assert accepted == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), put=st.binary(min_size=1, max_size=12))
def test_a_damaged_zip_gives_reports_or_archive_error(archive: Path, place: float, put: bytes) -> None:
    whole = zipped(("a.stl", NOISE[:200]), ("b/c.stl", b"x"))
    at = int(place * len(whole))
    content = whole[:at] + put + whole[at + len(put) :]
    target = archive.parent / "fuzz"
    target.mkdir(exist_ok=True)
    for left in target.iterdir():
        left.unlink()
    try:
        results = unpack(archive, content, target)
    except ArchiveError:
        return
    assert all((result.file is None) != (result.error is None) for result in results)


def test_messages_never_repeat_names(archive: Path, folder: Path) -> None:
    [result] = unpack(archive, zipped(("../Secretname.stl", b"x")), folder)
    assert result.error is not None
    assert "Secretname" not in result.error.message


def zip64(content: bytes, directory_bytes: int | None = None) -> bytes:
    """The same zip with a 64-bit end record, as archives with huge members have."""
    place = content.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack("<H2L", content[place + 10 : place + 20])
    size = size if directory_bytes is None else directory_bytes
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:place] + end64 + locator + end


def test_an_archive_with_a_64_bit_list_is_read_within_the_limits(archive: Path, folder: Path) -> None:
    content = zipped(("a.stl", NOISE))
    assert problems(unpack(archive, zip64(content), folder)) == [""]
    with pytest.raises(ArchiveError) as refusal:
        unpack(archive, zip64(content, 2**40), folder)
    assert refusal.value.code == "too_many_entries"


def test_a_damaged_archive_inside_costs_only_itself(archive: Path, folder: Path) -> None:
    content = zipped(("case.zip", b"PK\x03\x04 cut off"), ("b.stl", b"x"))
    assert problems(unpack(archive, content, folder, ArchiveLimits(depth=2))) == ["broken_archive", ""]


@pytest.mark.parametrize("name", ["CON", "nul.stl", "COM1.stl", "dev/zero", "aux", "a:b.stl", "x" * 60])
def test_the_name_of_a_device_is_only_a_name(archive: Path, folder: Path, name: str) -> None:
    results = unpack(archive, zipped((name, NOISE)), folder)
    assert [result.file.name for result in results if result.file] in (["000001"], [])
    assert {path.name for path in folder.iterdir()} <= {"000001"}
