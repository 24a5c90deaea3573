"""ASCII STL facets as columns of 21 tokens; whatever is not written that way is left to stl_ascii's slower look."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.readers.digits import Tokens, all_dots, same_words
from scans.meshes.readers.text import UnreadableNumber, numbers_of, tokens_of

TOKENS = 21
KEYWORDS = {
    0: b"facet",
    1: b"normal",
    5: b"outer",
    6: b"loop",
    7: b"vertex",
    11: b"vertex",
    15: b"vertex",
    19: b"endloop",
    20: b"endfacet",
}
NORMAL = (2, 3, 4)
_CORNERS = [8, 9, 10, 12, 13, 14, 16, 17, 18]
_NUMBERS = len(NORMAL) + len(_CORNERS)


@dataclass(frozen=True, slots=True)
class Facets:
    """corners: (F, 3, 3) float32. has_normals: whether one of the normals is not zero."""

    corners: NDArray[np.float32]
    has_normals: bool


def facet_chunks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same text, cut after the last line of a facet where there is one."""
    held = b""
    for chunk in chunks:
        text = held + chunk
        last = max(text.rfind(b"endfacet"), text.rfind(b"ENDFACET"))
        cut = text.find(b"\n", last) + 1 if last >= 0 else 0
        held = text[cut:] if cut else b""
        yield text[:cut] if cut else text
    if held:
        yield held


def read_facets(text: bytes) -> Facets | None:
    """Facets and nothing else, or None."""
    tokens = tokens_of(text)
    count = len(tokens.starts) // TOKENS
    if not count or count * TOKENS != len(tokens.starts):
        return None
    starts, ends = tokens.starts.reshape(-1, TOKENS), tokens.ends.reshape(-1, TOKENS)
    for column, word in KEYWORDS.items():
        if not same_words(Tokens(tokens.data, starts[:, column], ends[:, column]), word).all():
            return None
    dots = all_dots(tokens.data)
    if len(dots) == count * _NUMBERS:
        dots = dots.reshape(-1, _NUMBERS)[:, len(NORMAL) :].reshape(-1)
    corners = Tokens(tokens.data, starts[:, _CORNERS].reshape(-1), ends[:, _CORNERS].reshape(-1))
    try:
        numbers = numbers_of(corners, np.float64, dots)
    except UnreadableNumber:
        return None
    return Facets(numbers.astype(np.float32).reshape(-1, 3, 3), _has_normals(tokens.data, starts, ends))


def _has_normals(data: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> bool:
    """Exporters write "-nan(ind)" for slivers: what is no number is not zero."""
    for some in (slice(1), slice(None)):
        normals = Tokens(data, starts[some, NORMAL[0] : NORMAL[-1] + 1], ends[some, NORMAL[0] : NORMAL[-1] + 1])
        try:
            if numbers_of(Tokens(data, normals.starts.reshape(-1), normals.ends.reshape(-1)), np.float64).any():
                return True
        except UnreadableNumber:
            return True
    return False
