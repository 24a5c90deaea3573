"""What a reader takes and gives."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from patients.matching.identity import Identity
from scans.meshes.findings import Finding
from scans.meshes.limits import READ_LIMITS, ReadLimits
from scans.meshes.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Source:
    """A file on disk and what may be read beside it.

    path: where the bytes lie (its name means nothing: content decides).
    head: the first `limits.header_bytes` bytes, for recognising the content.
    content: the bytes themselves where they came out of another file (DICOM); path is then not opened.
    companions: file name as the sender wrote it -> path, only files of the same upload (MTL, textures).
    hps_key: the clinic's own key for encrypted 3Shape files, never logged.
    """

    path: Path
    head: bytes
    size: int
    content: bytes | None = field(default=None, repr=False)
    companions: Mapping[str, Path] = field(default_factory=dict)
    hps_key: str = field(default="", repr=False)
    limits: ReadLimits = READ_LIMITS

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content) if self.content is not None else self.path.open("rb")

    def read_bytes(self) -> bytes:
        return self.content if self.content is not None else self.path.read_bytes()

    @property
    def is_whole_in_head(self) -> bool:
        return self.size <= len(self.head)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was accepted.

    scan_format: STL, PLY, OBJ or DCM (the brief's formats). encoding: "binary", "ascii", "HPS CA", ... in words.
    metadata: what the file says of itself, JSON values only, without NUL characters. identity: where the format
    carries one (DICOM).
    """

    scan_format: str
    encoding: str
    mesh: Mesh
    findings: tuple[Finding, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    identity: Identity | None = None


class Reader(Protocol):
    """One format. `accepts` looks at content only; `read` returns a Reading or raises MeshError, nothing else."""

    scan_format: str

    def accepts(self, source: Source) -> bool: ...

    def read(self, source: Source) -> Reading: ...
