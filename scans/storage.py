"""Content-addressed files: originals as they came, byte for byte, and pictures derived from them.

A file's name is its sha256, so no name of a sender or a patient ever reaches a disk or a bucket.
"""

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
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
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{uuid.uuid4().hex}.part")
        try:
            with part.open("xb") as target:
                for chunk in content.chunks(CHUNK):
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        _flush_folder(place.parent)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Content names never clash: the same name is the same bytes."""
        return name


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
        with tempfile.SpooledTemporaryFile(max_size=8 * CHUNK) as spool:
            digest, size = hashlib.sha256(), 0
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                spool.write(chunk)
            stored = Stored(digest.hexdigest(), size)
            spool.seek(0)
            self._save(_name(stored.sha256), spool)
        return stored

    def put_file(self, path: Path) -> Stored:
        with path.open("rb") as source:
            return self.put(iter(lambda: source.read(CHUNK), b""))

    def put_bytes(self, content: bytes) -> Stored:
        return self.put([content])

    def _save(self, name: str, spool: Any) -> None:
        if not self._storage.exists(name):
            self._storage.save(name, File(spool))

    def open(self, sha256: str) -> BinaryIO:
        return self._storage.open(_name(sha256), "rb")  # type: ignore[return-value]

    def exists(self, sha256: str) -> bool:
        return self._storage.exists(_name(sha256))

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        """The file on a local disk for as long as the block runs: itself where it lies on one, else a copy."""
        place = self._place(sha256)
        if place:
            yield place
            return
        with tempfile.NamedTemporaryFile() as copy:
            with self.open(sha256) as source:
                shutil.copyfileobj(source, copy, CHUNK)
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


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


originals = ContentStore("originals")
derived = ContentStore("derived")
