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
from scans.meshes.limits import ReadLimits
from scans.meshes.readers.digits import Tokens, all_dots, decimals, find_dots, padded, whole_numbers

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
    solid = np.zeros(len(text) + 2, bool)
    np.greater(text, BLANK, out=solid[1:-1])
    return np.flatnonzero(solid[1:] > solid[:-1]), np.flatnonzero(solid[:-1] > solid[1:])


def tokens_of(text: bytes) -> Tokens:
    data = padded(text)
    return Tokens(data, *token_spans(data))


def parse_numbers(text: bytes, dtype: type[Number]) -> NDArray[Number]:
    """Every token of `text` as a number, in order. Raises UnreadableNumber; "nan" and "inf" are numbers here."""
    return numbers_of(tokens_of(text), dtype)


def numbers_of(tokens: Tokens, dtype: type[Number], dots: NDArray[np.intp] | None = None) -> NDArray[Number]:
    """(T,) numbers. dots: points of the text, where they are known. Raises UnreadableNumber."""
    values: NDArray[np.int64] | NDArray[np.float64]
    dots = all_dots(tokens.data) if dots is None else dots
    if np.issubdtype(dtype, np.integer) or not len(dots):
        values, fits = whole_numbers(tokens)
    else:
        values, fits = decimals(tokens, find_dots(tokens, dots))
    numbers = values.astype(dtype, copy=False)
    if not fits.all():
        others = np.flatnonzero(~fits)
        numbers[others] = _numbers_in_any_form(_texts(tokens, others), len(others), dtype)
    return numbers


def _numbers_in_any_form(text: bytes, expected: int, dtype: type[Number]) -> NDArray[Number]:
    try:
        numbers: NDArray[Number] = np.fromstring(text, dtype=dtype, sep=" ")
    except (ValueError, DeprecationWarning) as error:
        raise UnreadableNumber("a number cannot be read") from error
    if len(numbers) != expected:
        raise UnreadableNumber("a number cannot be read")
    return numbers


def _texts(tokens: Tokens, chosen: NDArray[np.intp]) -> bytes:
    """The chosen tokens with a blank after each."""
    sizes = tokens.ends[chosen] - tokens.starts[chosen] + 1
    ends = np.cumsum(sizes)
    places = np.repeat(tokens.starts[chosen] - (ends - sizes), sizes) + np.arange(int(ends[-1]))
    text = tokens.data.take(places, mode="clip")
    text[ends - 1] = ord(" ")
    return text.tobytes()


def whole_lines(stream: BinaryIO, limits: ReadLimits) -> Iterator[bytes]:
    """The rest of `stream` in chunks that end with a line, every line end as \\n; the last may lack it.

    Raises TooLarge where one line is longer than `limits.line_bytes`: then this is no text.
    """
    rest = b""
    while block := stream.read(limits.chunk_bytes):
        if block.endswith(b"\r"):
            block += stream.read(1)
        text = rest + unix_lines(block)
        cut = text.rfind(b"\n") + 1
        rest = text[cut:]
        if len(rest) > limits.line_bytes:
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
