"""Parts of downloads are swept once nobody has gone on with them, and never under a download that is under way."""

import os
import time
from pathlib import Path

import pytest

from integrations.services.parts import ABANDONED_AFTER_S, sweep_parts


@pytest.fixture
def parts(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "parts"


def _put(folder: Path, *, folder_age_s: float, part_age_s: float) -> Path:
    folder.mkdir(parents=True)
    part = folder / "0.part"
    part.write_bytes(b"x")
    now = time.time()
    os.utime(part, (now - part_age_s,) * 2)
    os.utime(folder, (now - folder_age_s,) * 2)
    return folder


def test_a_part_that_grows_keeps_its_folder_however_old_that_is(parts: Path) -> None:
    growing = _put(parts / "a", folder_age_s=2 * ABANDONED_AFTER_S, part_age_s=0)
    left = _put(parts / "b", folder_age_s=2 * ABANDONED_AFTER_S, part_age_s=2 * ABANDONED_AFTER_S)
    assert sweep_parts() == 1
    assert (growing.exists(), left.exists()) == (True, False)


def test_what_cannot_be_looked_at_does_not_end_the_sweep(parts: Path) -> None:
    left = _put(parts / "b", folder_age_s=2 * ABANDONED_AFTER_S, part_age_s=2 * ABANDONED_AFTER_S)
    (parts / "a").symlink_to(parts / "nowhere")
    (parts / "c").write_bytes(b"no folder")
    assert sweep_parts() == 1
    assert not left.exists()


def test_without_any_downloads_there_is_nothing_to_sweep(parts: Path) -> None:
    assert sweep_parts() == 0
