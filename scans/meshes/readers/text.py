"""Numbers and tokens in text, a chunk at a time and without a Python loop over them.

numpy's text parser takes "1.0-2.0" for two numbers in some versions and blanks for -1: every result is therefore
counted against the tokens.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, TooLarge

CHUNK_BYTES = 8 * 1024 * 1024
BLANK = 32
"""Every byte up to the space separates tokens, as C's isspace and stray control characters do."""

_BOM = b"\xef\xbb\xbf"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

Number = TypeVar("Number", bound=np.generic)


class UnreadableNumber(ValueError):
    """A token that should be a number is none."""


def without_bom(text: bytes) -> bytes:
    return text.removeprefix(_BOM)


def plain_text(raw: bytes, limit: int = 1000) -> str:
    """Free text of a sender as a string for JSON: UTF-8, else Latin-1; control characters become one space."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return _CONTROL.sub(" ", text).strip()[:limit]


def token_spans(text: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(N,) bytes -> starts and ends (exclusive) of the tokens between blanks."""
    solid = np.zeros(len(text) + 2, np.int8)
    np.greater(text, BLANK, out=solid[1:-1].view(bool))
    steps = np.diff(solid)
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)


def count_tokens(text: bytes | NDArray[np.uint8]) -> int:
    data = np.frombuffer(text, np.uint8) if isinstance(text, bytes) else text
    solid = data > BLANK
    return int(np.count_nonzero(solid[1:] & ~solid[:-1])) + int(len(solid) > 0 and solid[0])


def parse_numbers(text: bytes, dtype: type[Number]) -> NDArray[Number]:
    """Every token of `text` as a number, in order. Raises UnreadableNumber; "nan" and "inf" are numbers here."""
    expected = count_tokens(text)
    if not expected:
        return np.empty(0, dtype)
    try:
        numbers: NDArray[Number] = np.fromstring(text, dtype=dtype, sep=" ")
    except (ValueError, DeprecationWarning) as error:
        raise UnreadableNumber("a number cannot be read") from error
    if len(numbers) != expected:
        raise UnreadableNumber("a number cannot be read")
    return numbers


def whole_lines(stream: BinaryIO, line_bytes: int) -> Iterator[bytes]:
    """The rest of `stream` in chunks that end with a line, every line end as \\n; the last may lack it.

    Raises TooLarge where one line is longer than `line_bytes`: then this is no text.
    """
    rest = b""
    while block := stream.read(CHUNK_BYTES):
        if block.endswith(b"\r"):
            block += stream.read(1)
        text = rest + unix_lines(block)
        cut = text.rfind(b"\n") + 1
        rest = text[cut:]
        if len(rest) > line_bytes:
            raise TooLarge("This file is not written in lines as a scan file is. Please export it again.")
        if cut:
            yield text[:cut]
    if rest:
        yield rest


def unix_lines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def unreadable_number(where: str, offset: int | None = None) -> BadStructure:
    return BadStructure(
        f"This file is damaged: a number {where} cannot be read. Please export it again, with a point and not a comma "
        "in its numbers.",
        code="unreadable_number",
        offset=offset,
    )
