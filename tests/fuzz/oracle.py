"""What must hold for any bytes at all: a MeshError, or a sound mesh that an independent count agrees with."""

import resource
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from scans.meshes.archive import extract_archive
from scans.meshes.archive_7z import extract_7z
from scans.meshes.archive_entries import Extracted
from scans.meshes.errors import ArchiveError, MeshError
from scans.meshes.limits import ArchiveLimits, ReadLimits
from scans.meshes.mesh import Mesh
from scans.meshes.readers import Reading, open_mesh
from tests.fuzz import reference
from tests.fuzz.reference_containers import dicom_model, hps_points, require_in_folder, require_listed_checksum
from tests.meshes.readers.samples import KEY
from tests.meshes.seven_zips import mended

SECONDS = 5.0
GROWTH_BYTES = 256 * 2**20
"""What reading one input of some kilobytes under the limits below may add to the peak of the process."""

LIMITS = ReadLimits(
    faces=100_000, vertices=100_000, texture_pixels=1_000_000, texture_bytes=2**20, line_bytes=2**20, chunk_bytes=211
)
"""Far below those of the service, so that every limit is reached; the chunks so short that any input has many."""

ARCHIVE_LIMITS = ArchiveLimits(
    entries=40,
    entry_bytes=2**18,
    total_bytes=2**20,
    ratio=50,
    ratio_from_bytes=2**12,
    directory_bytes=2**14,
    depth=2,
    dictionary_bytes=2**26,
)


class Find(AssertionError):
    """An input that breaks the promise."""


def check_scan(data: bytes, folder: Path, companions: Mapping[str, bytes] | None = None) -> bool:
    """Whether the file was accepted. Raises Find, or whatever the reader raised that it must not."""
    path = _written(folder / "scan", data)
    beside = {name: _written(folder / f"beside{i}", c) for i, (name, c) in enumerate((companions or {}).items())}
    with Watch():
        try:
            reading = open_mesh(path, companions=beside, hps_key=KEY, limits=LIMITS)
        except MeshError as error:
            _require_reason(error)
            return False
    require_sound(reading.mesh)
    require_agreement(data, reading)
    return True


def check_archive(data: bytes, folder: Path) -> bool:
    return _check_archive(data, folder, extract_archive)


def check_archive_7z(data: bytes, folder: Path) -> bool:
    """With checksums made right again: otherwise hardly a changed archive gets past them."""
    return _check_archive(mended(data), folder, extract_7z)


def _check_archive(data: bytes, folder: Path, extract: Callable[..., Iterable[Extracted]]) -> bool:
    path = _written(folder / "archive", data)
    target = folder / "out"
    target.mkdir(exist_ok=True)
    try:
        with Watch():
            found = list(extract(path, target, ARCHIVE_LIMITS))
        for member in found:
            require_in_folder(member, target)
            if extract is extract_archive:
                require_listed_checksum(data, member)
        return any(member.file for member in found)
    except ArchiveError as error:
        _require_reason(error)
        return False
    finally:
        for left in target.iterdir():
            left.unlink()


class Watch:
    """Time and peak memory of what happens inside."""

    def __enter__(self) -> None:
        self._begin, self._peak = time.monotonic(), _peak_bytes()

    def __exit__(self, *error: object) -> None:
        seconds, grown = time.monotonic() - self._begin, _peak_bytes() - self._peak
        if seconds > SECONDS:
            raise Find(f"took {seconds:.1f} s")
        if grown > GROWTH_BYTES:
            raise Find(f"took {grown // 2**20} MB more")


def require_sound(mesh: Mesh) -> None:
    """The contract of Mesh."""
    faces, vertices, colors = mesh.faces, mesh.vertices, mesh.colors
    is_sound = (
        vertices.dtype == np.float32
        and vertices.ndim == faces.ndim == 2
        and vertices.shape[1] == faces.shape[1] == 3
        and faces.dtype == np.int32
        and len(faces) >= 1
        and bool(np.isfinite(vertices).all())
        and 0 <= int(faces.min()) <= int(faces.max()) < len(vertices)
    )
    if not is_sound or (colors is not None and (colors.shape != vertices.shape or colors.dtype != np.uint8)):
        raise Find("an accepted mesh breaks its contract")


def require_agreement(data: bytes, reading: Reading) -> None:
    """An independent reader finds the same triangles in the same bytes."""
    if reading.encoding.startswith("HPS"):
        _require_same_points(data, reading)
        return
    kind, encoding = reading.scan_format, reading.encoding
    if kind == "DCM":
        model = dicom_model(data, has_length="length_missing" not in [finding.code for finding in reading.findings])
        if model is None:
            return
        data, (kind, encoding) = model, encoding.removeprefix("DICOM with ").split(" ", 1)
    expected = _corners(data, kind, encoding)
    found = reading.mesh.vertices[reading.mesh.faces]
    if expected.shape != found.shape or not np.array_equal(expected, found):
        raise Find(f"an independent reader finds {len(expected)} triangles, ours {len(found)}, or other coordinates")


def _corners(data: bytes, kind: str, encoding: str) -> reference.Corners:
    if kind == "STL":
        return reference.stl_ascii(data) if encoding == "ascii" else reference.stl_binary(data)
    return reference.ply(data) if kind == "PLY" else reference.obj(data)


def _require_same_points(data: bytes, reading: Reading) -> None:
    facets, points = hps_points(data)
    is_open = reading.encoding != "HPS CE"
    if facets != reading.mesh.face_count or (is_open and not np.array_equal(points, reading.mesh.vertices)):
        raise Find("an independent look finds other counts or points")


def _require_reason(error: MeshError) -> None:
    if not error.code or not error.message.endswith((".", "!")):
        raise Find("a refusal without a reason")


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
