"""A form with files as a body that is read from the disk while it is sent (RFC 7578)."""

import secrets
from collections.abc import Iterator, Mapping, Sequence

from integrations.uploader.packing import Packed, safe

CHUNK = 256 * 1024


class Multipart:
    """The values of `fields`, then every file as "files". Iterable as often as needed; knows its length."""

    def __init__(self, fields: Mapping[str, str], files: Sequence[Packed]) -> None:
        self._boundary = secrets.token_hex(16)
        self._fields = [self._head(f'name="{name}"') + value.encode() + b"\r\n" for name, value in fields.items()]
        self._files = [(self._file_head(file), file.place, file.place.stat().st_size) for file in files]
        self._end = f"--{self._boundary}--\r\n".encode()

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self._boundary}"

    def __len__(self) -> int:
        files = sum(len(head) + size + len(b"\r\n") for head, _, size in self._files)
        return sum(map(len, self._fields)) + files + len(self._end)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._fields
        for head, place, _ in self._files:
            yield head
            with place.open("rb") as source:
                while chunk := source.read(CHUNK):
                    yield chunk
            yield b"\r\n"
        yield self._end

    def _file_head(self, file: Packed) -> bytes:
        return self._head(f'name="files"; filename="{safe(file.name)}"', "Content-Type: application/octet-stream\r\n")

    def _head(self, disposition: str, more: str = "") -> bytes:
        head = f"--{self._boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n"
        return head.encode("utf-8", "replace")
