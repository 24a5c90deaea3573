"""Byte ranges of a stored file (RFC 9110, section 14): one range, or the whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.exceptions import APIException

from scans.storage import CHUNK, ContentStore

EVERYTHING = 2**63
_SINGLE = re.compile(r"^bytes=([0-9]{0,18})-([0-9]{0,18})$")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes first..last, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(APIException):
    """The range lies outside of the file."""

    status_code = status.HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE
    default_code = "range_not_satisfiable"

    def __init__(self, size: int) -> None:
        super().__init__(f"The file has {size} bytes.")
        self.headers = {"Content-Range": f"bytes */{size}"}


def parse_range(header: str, size: int) -> ByteRange | None:
    """The range asked for; None for the whole file (no header, or a form we need not understand)."""
    match = _SINGLE.match(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first_text, last_text = match.groups()
    if not first_text:
        first, last = max(0, size - int(last_text)), size - 1
    else:
        first, last = int(first_text), min(int(last_text or size), size - 1)
    if first_text and last_text and int(last_text) < first:
        return None  # no range at all: RFC 9110 has it ignored
    if first >= size or first > last:
        raise Unsatisfiable(size)
    return ByteRange(first, last)


def serve(store: ContentStore, sha256: str, size: int, *, file_name: str, range_header: str) -> HttpResponseBase:
    """Stream a stored file. `file_name` must hold nothing personal. Raises Unsatisfiable."""
    wanted = parse_range(range_header, size)
    part = wanted or ByteRange(0, size - 1)
    response = StreamingHttpResponse(
        _chunks(store, sha256, part), status=206 if wanted else 200, content_type="application/octet-stream"
    )
    if wanted:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    response["Content-Length"] = str(part.length)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{sha256}"'
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def serve_whole(store: ContentStore, sha256: str, content_type: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(_chunks(store, sha256, ByteRange(0, EVERYTHING)), content_type=content_type)


def _chunks(store: ContentStore, sha256: str, part: ByteRange) -> Iterator[bytes]:
    """Opens the file when the first byte is asked for, so that an answer nobody reads leaves nothing open."""
    length = part.length
    with store.open(sha256) as source:
        source.seek(part.first)
        while length > 0 and (chunk := source.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
