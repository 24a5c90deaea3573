"""Opens a scan file of any format: the content decides which reader takes it, never the name."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from scans.meshes.errors import EmptyFile, TooLarge
from scans.meshes.limits import READ_LIMITS, ReadLimits
from scans.meshes.readers.base import Reader, Reading, Source
from scans.meshes.readers.dicom import DicomReader
from scans.meshes.readers.hps import HpsReader
from scans.meshes.readers.obj import ObjReader
from scans.meshes.readers.ply import PlyReader
from scans.meshes.readers.sniff import foreign_content, native_format, unknown_content
from scans.meshes.readers.stl_ascii import AsciiStl
from scans.meshes.readers.stl_binary import BinaryStl, DamagedBinaryStl, is_exact

__all__ = ["READERS", "Reading", "Source", "open_mesh"]

READERS: tuple[Reader, ...] = (
    BinaryStl(),  # first: the exact size is stronger evidence than any header, which may imitate another format
    PlyReader(),
    HpsReader(),
    DicomReader(),
    AsciiStl(),
    ObjReader(),
    DamagedBinaryStl(),  # last: what is left and begins with a triangle
)


def open_mesh(
    path: Path,
    *,
    companions: Mapping[str, Path] | None = None,
    hps_key: str = "",
    limits: ReadLimits = READ_LIMITS,
    name: str = "",
) -> Reading:
    """Reads the scan at `path`. Raises MeshError, nothing else (but OSError where the disk fails).

    companions: sender's file name -> path of the other files of the same upload (MTL, textures); nothing else is
    opened. hps_key: the clinic's own key for encrypted 3Shape files. name: the sender's file name, used only to name
    the way out for closed formats.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise TooLarge(
            f"This file has {size // 2**20} MB; more than {limits.file_bytes // 2**20} MB are not accepted.",
            size=size,
            limit=limits.file_bytes,
        )
    with path.open("rb") as stream:
        head = stream.read(limits.header_bytes)
    source = Source(path, head, size, companions=companions or {}, hps_key=hps_key, limits=limits)
    # Numbers out of range become infinite or NaN, which the readers look for themselves: no warnings beside that.
    with np.errstate(over="ignore", invalid="ignore"):
        return _reader(source, name).read(source)


def _reader(source: Source, name: str) -> Reader:
    """The first reader that takes the content. Raises NotAMesh, NativeFormat or EmptyFile where none does."""
    foreign = None if is_exact(source.head, source.size) else foreign_content(source.head)
    if isinstance(foreign, EmptyFile):
        raise foreign
    native = native_format(name)
    accepting = (reader for reader in READERS if reader.accepts(source))
    reader = next(accepting, None) if foreign is None else None
    # A closed format's bytes can happen to begin like a triangle, so its name weighs more than that last resort.
    if reader is None or (native and reader is READERS[-1]):
        raise native or foreign or unknown_content(source.size)
    return reader
