"""Content-addressed files: originals as they came, byte for byte, and pictures derived from them.

A file's name is its sha256, so no name of a sender or a patient ever reaches a disk or a bucket.
"""

import hashlib
import os
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


class DurableFileSystemStorage(FileSystemStorage):
    """A file is there whole or not at all: written beside its place, flushed to the disk, renamed, folder flushed."""

    def _save(self, name: str, content: "File[Any]") -> str:
        place = Path(self.path(name))
        made = _make_folders(place.parent)
        part = place.with_name(f"{uuid.uuid4().hex}.part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                for chunk in content.chunks(CHUNK):
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        for folder in (place.parent, *made):
            _flush_folder(folder)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Content names never clash: the same name is the same bytes."""
        return name


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder with its parents, for the owner only; returns the folders whose entries changed."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)
    return [place.parent for place in missing]


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class ContentStore:
    """Files under their sha256 in one of the configured storages."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    @property
    def _storage(self) -> Storage:
        return storages[self._alias]

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Store what the chunks hold; when this returns, the bytes are on disk. The same content is stored once."""
        with tempfile.SpooledTemporaryFile(max_size=2 * CHUNK) as spool:
            digest, size = hashlib.sha256(), 0
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                spool.write(chunk)
            stored = Stored(digest.hexdigest(), size)
            spool.seek(0)
            self._save(_name(stored.sha256), spool)
        return stored

    def put_file(self, path: Path, on_chunk: Callable[[], None] = lambda: None) -> Stored:
        with path.open("rb") as source:
            return self.put(_chunks(source, on_chunk))

    def _save(self, name: str, spool: Any) -> None:
        if not self._storage.exists(name):
            self._storage.save(name, File(spool))

    def open(self, sha256: str) -> BinaryIO:
        return self._storage.open(_name(sha256), "rb")  # type: ignore[return-value]

    def exists(self, sha256: str) -> bool:
        return self._storage.exists(_name(sha256))

    @contextmanager
    def local_path(self, sha256: str, on_chunk: Callable[[], None] = lambda: None) -> Iterator[Path]:
        """The file on a local disk for as long as the block runs: itself where it lies on one, else a copy."""
        place = self._place(sha256)
        if place:
            yield place
            return
        with tempfile.NamedTemporaryFile() as copy:
            with self.open(sha256) as source:
                for chunk in _chunks(source, on_chunk):
                    copy.write(chunk)
            copy.flush()
            yield Path(copy.name)

    def _place(self, sha256: str) -> Path | None:
        try:
            return Path(self._storage.path(_name(sha256)))
        except NotImplementedError:
            return None

    def is_writable(self) -> bool:
        """Whether a small file can be written and taken away again."""
        name = f"probe/{uuid.uuid4().hex}"
        try:
            self._storage.save(name, ContentFile(b"probe"))
            self._storage.delete(name)
        except (OSError, BotoCoreError, ClientError):
            return False
        return True


def _chunks(source: Any, on_chunk: Callable[[], None]) -> Iterator[bytes]:
    """Pieces of a file; `on_chunk` is called before each, so that a long copy can say that it goes on."""
    while chunk := source.read(CHUNK):
        on_chunk()
        yield chunk


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


originals = ContentStore("originals")
derived = ContentStore("derived")
