"""What is sent of an export: loose files and archives as they are, a folder as a zip, so that its paths survive."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\]")
"""A backslash is a folder to Windows, a quote ends a name in a form's header, the others show nothing."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""One time for all entries: the same folder gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file to send: what it is called there, and where it lies here."""

    name: str
    place: Path


def safe(name: str) -> str:
    return UNSAFE.sub("_", name)


def pack(files: Sequence[Packed], target: Path) -> list[Packed]:
    """files: with folders in their names. `target` is written where a zip is needed."""
    if not any("/" in file.name for file in files):
        return list(files)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in files:
            entry = zipfile.ZipInfo(safe(file.name), LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.file_size = file.place.stat().st_size
            with file.place.open("rb") as source, archive.open(entry, "w") as packed:
                while chunk := source.read(1024 * 1024):
                    packed.write(chunk)
    return [Packed(f"{files[0].name.partition('/')[0]}.zip", target)]
