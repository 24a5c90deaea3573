"""A 7z is opened by a process of its own, wherever it comes from and whatever it is called."""

import os
from pathlib import Path

import pytest

from scans.examination.asking import ChildLimits
from scans.examination.unpack import LocalFile, Unpacked, unpack
from scans.examination.unpacker import unpack_7z
from scans.meshes.errors import ArchiveError
from tests.meshes.seven_zips import renamed, sevenzipped, with_dictionary

pytestmark = pytest.mark.process
CONTENT = sevenzipped(("Case/upper.stl", b"solid upper"), ("Case/lower.stl", b"solid lower"))
CHILD = ChildLimits(memory_bytes=1024**3, seconds=20)


def unpacked(folder: Path, *files: tuple[str, bytes], limits: ChildLimits = CHILD) -> Unpacked:
    local = []
    for number, (name, content) in enumerate(files):
        place = folder / f"{number}"
        place.write_bytes(content)
        local.append(LocalFile(name, place))
    return unpack(local, folder / "out", limits)


@pytest.mark.parametrize("name", ["A-1.7z", "A-1.7Z", "A-1.zip"])
def test_what_counts_is_the_content_not_the_ending(tmp_path: Path, name: str) -> None:
    found = unpacked(tmp_path, (name, CONTENT))
    assert [(file.name, file.path.read_bytes()) for file in found.files] == [
        ("Case/upper.stl", b"solid upper"),
        ("Case/lower.stl", b"solid lower"),
    ]
    assert (found.container, found.refused) == ("A-1", ())


def test_a_7z_under_a_scan_s_name_is_not_opened(tmp_path: Path) -> None:
    assert [file.name for file in unpacked(tmp_path, ("upper.stl", CONTENT)).files] == ["upper.stl"]


def test_of_several_archives_each_is_a_folder(tmp_path: Path) -> None:
    found = unpacked(tmp_path, ("a.7z", CONTENT), ("b.7z", CONTENT))
    assert {file.name.split("/")[0] for file in found.files} == {"a", "b"}
    assert len(found.files) == 4


def test_a_refused_member_is_named_with_its_reason(tmp_path: Path) -> None:
    found = unpacked(tmp_path, ("a.7z", renamed(CONTENT, "Case/upper", "../../uppe")))
    assert [(member.path, member.code) for member in found.refused] == [("../../uppe.stl", "unsafe_name")]
    assert [file.name for file in found.files] == ["Case/lower.stl"]


def test_a_broken_archive_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="damaged or cut off") as refused:
        unpacked(tmp_path, ("a.7z", CONTENT[:-5]))
    assert refused.value.code == "broken_archive"


def test_an_archive_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    with pytest.raises(ArchiveError) as refused:
        unpack_7z(endless, tmp_path, ChildLimits(seconds=1), lambda: None)
    assert refused.value.code == "too_slow"


def test_an_archive_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError) as refused:
        unpacked(tmp_path, ("a.7z", with_dictionary(CONTENT, 1024**3)), limits=ChildLimits(memory_bytes=512 * 1024**2))
    assert refused.value.code == "out_of_memory"
