"""Why a file is not accepted.

MeshError
├── EmptyFile           nothing in it
├── Truncated           the end is missing
├── BadStructure        the file contradicts itself (counts, indices, syntax)
├── NotFinite           NaN or infinite coordinates
├── NoFaces             points or nothing, but no surface
├── NotAMesh            other content under a mesh's name (HTML, ZIP, AppleDouble, ...)
├── NativeFormat        a vendor's closed format; the message names the way out
├── NeedsKey            encrypted by the vendor; only the clinic's key opens it
│   └── WrongKey        the key that was given does not open it
├── TooLarge            beyond a limit of ours
└── ArchiveError        a zip, or one member of it, that is not unpacked (codes in archive.py)
"""

from typing import Any


class MeshError(Exception):
    """A file that is refused. `code` is stable and for programs; `message` is a sentence for a receptionist.

    `offset` is the byte where reading stopped making sense, where that is known; `data` holds the numbers.
    """

    code = "mesh_error"

    def __init__(self, message: str, *, code: str = "", offset: int | None = None, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.offset = offset
        self.data = data


class EmptyFile(MeshError):
    code = "empty_file"


class Truncated(MeshError):
    code = "truncated"


class BadStructure(MeshError):
    code = "bad_structure"


class NotFinite(MeshError):
    code = "not_finite"


class NoFaces(MeshError):
    code = "no_faces"


class NotAMesh(MeshError):
    code = "not_a_mesh"


class NativeFormat(MeshError):
    code = "native_format"


class NeedsKey(MeshError):
    """The mesh is encrypted. `metadata` is what could be read without the key."""

    code = "needs_key"

    def __init__(self, message: str, *, metadata: dict[str, Any] | None = None, **data: Any) -> None:
        super().__init__(message, **data)
        self.metadata = metadata or {}


class WrongKey(NeedsKey):
    code = "wrong_key"


class TooLarge(MeshError):
    code = "too_large"


class ArchiveError(MeshError):
    code = "bad_archive"
