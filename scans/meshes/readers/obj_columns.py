"""OBJ chunks whose lines of a kind are all written alike, as nearly all are: columns of tokens instead of lines.

Anything else (other statements, comments, negative numbers, mixed polygons, continued lines) is left to obj_lines.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scans.meshes.readers.digits import PAD, Tokens, padded, whole_numbers
from scans.meshes.readers.text import BLANK, UnreadableNumber, numbers_of

_NEWLINE, _SLASH, _BACKSLASH = ord("\n"), ord("/"), ord("\\")
_POINT, _FACE, _UV, _NORMAL = (int.from_bytes(word, "little") for word in (b"v ", b"f ", b"vt", b"vn"))


@dataclass(frozen=True, slots=True)
class Columns:
    """points: (n, 3) float32; colors: (n, 3) or None; uvs: (m, 2) where wanted. size: corners of each polygon.

    corners, corner_uvs: (faces * size,) from 0; corner_uvs None where corners have none.
    """

    points: NDArray[np.float32]
    colors: NDArray[np.float32] | None
    uvs: NDArray[np.float32]
    uv_count: int
    size: int
    corners: NDArray[np.int64]
    corner_uvs: NDArray[np.int64] | None
    line_count: int


class _Irregular(Exception):
    """The lines are not written alike."""


def read_columns(text: bytes, *, wants_uvs: bool) -> Columns | None:
    """A chunk of whole lines, or None where they are not all points, faces, texture coordinates and normals alike."""
    if not text.endswith(b"\n"):
        return None
    try:
        lines = _Lines(text)
        points = lines.numbers(_POINT, (3, 4, 6, 7))
        uvs = lines.numbers(_UV, (1, 2, 3)) if wants_uvs else np.empty((0, 2))
        size, corners, corner_uvs = _faces(lines, wants_uvs=wants_uvs)
    except (_Irregular, UnreadableNumber):
        return None
    colors = points[:, 3:6].astype(np.float32) if points.shape[1] >= 6 else None
    vertical = uvs[:, 1] if uvs.shape[1] > 1 else np.zeros(len(uvs))
    pairs = np.stack([uvs[:, 0], vertical], axis=1).astype(np.float32)
    count = lines.count(_UV)
    return Columns(points[:, :3].astype(np.float32), colors, pairs, count, size, corners, corner_uvs, lines.line_count)


class _Lines:
    """Lines by the places of their blanks and slashes, each of which ends a token (that may be empty)."""

    def __init__(self, text: bytes) -> None:
        self.data = padded(text)
        is_mark = self.data <= BLANK
        self.has_slashes = b"/" in text
        if self.has_slashes:
            is_mark |= self.data == _SLASH
        is_mark[:PAD] = False
        self.marks = np.flatnonzero(is_mark)
        closing = np.flatnonzero(self.data[self.marks] == _NEWLINE)
        breaks = self.marks[closing]
        self.line_count = len(breaks)
        self._before = np.concatenate([[PAD - 1], breaks[:-1]])
        self._first_mark = np.concatenate([[0], closing[:-1] + 1])
        self._mark_count = closing + 1 - self._first_mark
        self._kinds = self._kinds_of_lines(breaks)

    def _kinds_of_lines(self, breaks: NDArray[np.intp]) -> NDArray[np.uint16]:
        data, begins = self.data, self._before + 1
        pairs: NDArray[np.uint16] = np.ndarray((len(data) - 1,), "<u2", buffer=data.data, strides=(1,))
        # The last line may hold nothing but its end.
        kinds: NDArray[np.uint16] = pairs[np.minimum(begins, len(pairs) - 1)]
        is_word = (kinds == _UV) | (kinds == _NORMAL)
        is_known = is_word | (kinds == _POINT) | (kinds == _FACE)
        # A word of more letters, or a line that goes on after a backslash, is not for here.
        third = data[np.minimum(begins + 2, breaks)]
        if not is_known.all() or (is_word & (third > BLANK)).any() or (data[breaks - 1] == _BACKSLASH).any():
            raise _Irregular
        return kinds

    def count(self, kind: int) -> int:
        return int(np.count_nonzero(self._kinds == kind))

    def table(self, kind: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Starts and ends (exclusive) of the tokens of all lines of a kind, (L, tokens), the first word included."""
        chosen = np.flatnonzero(self._kinds == kind)
        if not len(chosen):
            return np.empty((0, 1), np.intp), np.empty((0, 1), np.intp)
        width = int(self._mark_count[chosen[0]])
        if not (self._mark_count[chosen] == width).all():
            raise _Irregular
        if len(chosen) == len(self._kinds):
            ends = self.marks.reshape(-1, width)
        else:
            ends = self.marks[self._first_mark[chosen][:, None] + np.arange(width)]
        starts = np.empty_like(ends)
        starts[:, 0] = self._before[chosen] + 1
        np.add(ends[:, :-1], 1, out=starts[:, 1:])
        return starts, ends

    def numbers(self, kind: int, widths: tuple[int, ...]) -> NDArray[np.float64]:
        """(L, columns) numbers of all lines of a kind; raises _Irregular where they are not as many as `widths`."""
        starts, ends = self.table(kind)
        if not len(ends):
            return np.empty((0, widths[0]))
        filled = self.filled(starts, ends, range(1, ends.shape[1]))
        if len(filled) not in widths or (self.has_slashes and (self.data[ends] == _SLASH).any()):
            raise _Irregular
        tokens = Tokens(self.data, starts[:, filled].reshape(-1), ends[:, filled].reshape(-1))
        return numbers_of(tokens, np.float64).reshape(-1, len(filled))

    def filled(self, starts: NDArray[np.intp], ends: NDArray[np.intp], columns: range) -> list[int]:
        """Those of the columns that hold a token, in every line or in none (where two blanks meet)."""
        found = []
        for column in columns:
            is_empty = starts[:, column] == ends[:, column]
            if not is_empty[0]:
                found.append(column)
            if is_empty.any() and not is_empty.all():
                raise _Irregular
        return found


def _faces(lines: _Lines, *, wants_uvs: bool) -> tuple[int, NDArray[np.int64], NDArray[np.int64] | None]:
    """Corners of each polygon, point numbers and texture numbers of all corners, both from 0."""
    starts, ends = lines.table(_FACE)
    if not len(ends):
        return 0, np.empty(0, np.int64), None
    corners = _corner_columns(lines, starts, ends)
    points = _numbers(lines, starts, ends, [columns[0] for columns in corners])
    if not wants_uvs:
        return len(corners), points, None
    with_uv = [columns[1] for columns in corners if len(columns) > 1 and starts[0, columns[1]] < ends[0, columns[1]]]
    if with_uv and len(with_uv) < len(corners):
        raise _Irregular
    return len(corners), points, _numbers(lines, starts, ends, with_uv) if with_uv else None


def _corner_columns(lines: _Lines, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> list[list[int]]:
    """The columns of every corner, one to three, the same in all lines."""
    filled = set(lines.filled(starts, ends, range(1, ends.shape[1])))
    is_slash = lines.data[ends] == _SLASH if lines.has_slashes else np.zeros((1, ends.shape[1]), bool)
    if lines.has_slashes and not (is_slash == is_slash[0]).all():
        raise _Irregular
    corners: list[list[int]] = []
    follows_slash = False
    for column in range(1, ends.shape[1]):
        ends_with_slash = bool(is_slash[0, column])
        if follows_slash:
            corners[-1].append(column)
        elif ends_with_slash or column in filled:
            corners.append([column])
        follows_slash = ends_with_slash
    if len(corners) < 3 or any(len(columns) > 3 or columns[0] not in filled for columns in corners):
        raise _Irregular
    return corners


def _numbers(lines: _Lines, starts: NDArray[np.intp], ends: NDArray[np.intp], columns: list[int]) -> NDArray[np.int64]:
    tokens = Tokens(lines.data, starts[:, columns].reshape(-1), ends[:, columns].reshape(-1))
    numbers, fits = whole_numbers(tokens)
    if not fits.all() or not numbers.all():
        raise _Irregular
    numbers -= 1
    return numbers
