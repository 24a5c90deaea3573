"""OBJ lines to arrays, a chunk of whole lines at a time and without a Python loop over points or faces."""

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, TooLarge
from scans.meshes.limits import ReadLimits
from scans.meshes.readers.assemble import require_counts
from scans.meshes.readers.obj_columns import Columns
from scans.meshes.readers.text import UnreadableNumber, parse_numbers, plain_text, token_spans, unreadable_number

SLASH, NEWLINE = ord("/"), ord("\n")
SKIPPED = frozenset(
    b"vn vp g s o l p mg cstype deg bmat step parm trim hole scrv sp end con curv curv2 surf bevel c_interp d_interp "
    b"lod shadow_obj trace_obj ctech stech maplib usemap call csh bzp bsp cdc cdp res".split()
)
"""Statements of the format that say nothing about triangles or their colours."""

_CONTINUED = re.compile(rb"^((?![ \t]*#)[^\n]*)\\\n", re.MULTILINE)
"""A backslash joins the next line; but a comment may end with the backslash of a Windows folder."""


@dataclass(slots=True)
class ObjContent:
    """What has been read so far; `vertices` and the like are lists of arrays, one per chunk.

    points: (n, 3) coordinates; colors: (n, 3), NaN where a point has none; uvs: (n, 2).
    sizes: (p,) corners per polygon; corners, corner_uvs: (sum of sizes,) from 0, -1 for no texture coordinate;
    materials: (p,) place in `material_names`, -1 before the first usemtl.
    """

    limits: ReadLimits
    wants_uvs: bool
    points: list[NDArray[np.float32]] = field(default_factory=list)
    colors: list[NDArray[np.float32]] = field(default_factory=list)
    uvs: list[NDArray[np.float32]] = field(default_factory=list)
    sizes: list[NDArray[np.int64]] = field(default_factory=list)
    corners: list[NDArray[np.int64]] = field(default_factory=list)
    corner_uvs: list[NDArray[np.int64]] = field(default_factory=list)
    materials: list[NDArray[np.int32]] = field(default_factory=list)
    material_names: dict[str, int] = field(default_factory=dict)
    libraries: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    material: int = -1
    point_count: int = 0
    uv_count: int = 0
    triangle_count: int = 0
    statements: int = 0
    line_count: int = 0

    def take(self, text: bytes) -> None:
        """Reads a chunk of whole lines. Raises BadStructure, TooLarge."""
        if b"\\\n" in text:
            text = _CONTINUED.sub(rb"\1 ", text)
        lines = _Lines(text)
        self._statements(lines)
        self._points(lines)
        self._uvs(lines)
        self._faces(lines)
        self.point_count += int(np.count_nonzero(lines.is_point))
        self.uv_count += int(np.count_nonzero(lines.is_uv))
        self.line_count += text.count(b"\n")

    def take_columns(self, columns: Columns) -> None:
        """Adds a chunk that `read_columns` has read. Raises TooLarge."""
        count = len(columns.corners) // columns.size if columns.size else 0
        self.triangle_count += count * (columns.size - 2)
        require_counts(self.point_count + len(columns.points), self.triangle_count, self.limits)
        if len(columns.points):
            self._add_points(columns.points, columns.colors)
        if self.wants_uvs and columns.uv_count:
            self.uvs.append(columns.uvs)
        if count:
            self.corners.append(columns.corners)
            self.sizes.append(np.full(count, columns.size))
            self.materials.append(np.full(count, self.material, np.int32))
            if self.wants_uvs:
                uvs = columns.corner_uvs
                self.corner_uvs.append(np.full(len(columns.corners), -1) if uvs is None else uvs)
        self.point_count += len(columns.points)
        self.uv_count += columns.uv_count
        self.line_count += columns.line_count

    def _add_points(self, points: NDArray[np.float32], colors: NDArray[np.float32] | None) -> None:
        self.points.append(points)
        self.colors.append(np.full((len(points), 3), np.nan, np.float32) if colors is None else colors)

    def _points(self, lines: "_Lines") -> None:
        kept = lines.is_point
        require_counts(self.point_count + int(np.count_nonzero(kept)), 0, self.limits)
        counts = lines.values[kept]
        if not len(counts):
            return
        if not np.isin(counts, (3, 4, 6, 7)).all():
            raise self._damaged("a point without three coordinates")
        numbers = self._numbers(lines, kept, "of a point")
        firsts = np.cumsum(counts) - counts
        self.points.append(numbers[firsts[:, None] + np.arange(3)].astype(np.float32))
        colors = np.full((len(counts), 3), np.nan, np.float32)
        has_color = counts >= 6
        colors[has_color] = numbers[firsts[has_color, None] + np.arange(3, 6)]
        self.colors.append(colors)

    def _uvs(self, lines: "_Lines") -> None:
        kept = lines.is_uv
        if not self.wants_uvs or not kept.any():
            return
        counts = lines.values[kept]
        if int(counts.min()) < 1:
            raise self._damaged("a texture coordinate without numbers")
        numbers = self._numbers(lines, kept, "of a texture coordinate")
        firsts = np.cumsum(counts) - counts
        vertical = np.where(counts > 1, numbers[np.minimum(firsts + 1, len(numbers) - 1)], 0)
        self.uvs.append(np.stack([numbers[firsts], vertical], axis=1).astype(np.float32))

    def _faces(self, lines: "_Lines") -> None:
        kept = lines.is_face
        counts = lines.values[kept].astype(np.int64)
        if not len(counts):
            return
        if int(counts.min()) < 3:
            raise self._damaged("a face with fewer than three corners")
        self.triangle_count += int(counts.sum()) - 2 * len(counts)
        require_counts(0, self.triangle_count, self.limits)
        points_before = np.repeat(self.point_count + np.cumsum(lines.is_point)[kept], counts)
        try:
            corners = _Corners(lines.text_of(kept))
            self.corners.append(self._absolute(corners.points(), points_before))
            if self.wants_uvs:
                uvs_before = np.repeat(self.uv_count + np.cumsum(lines.is_uv)[kept], counts)
                self.corner_uvs.append(_absolute_uvs(corners.uvs(), uvs_before))
        except UnreadableNumber as error:
            raise unreadable_number("of a face") from error
        self.sizes.append(counts)
        self.materials.append(lines.material_of_faces)

    def _absolute(self, numbers: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.int64]:
        """From 1, or negative from the last point before the face -> from 0."""
        if not numbers.all():
            raise self._damaged("a corner number 0; numbers begin with 1 in this format", code="index_out_of_range")
        # Far beyond any file, so that the sum below cannot wrap around.
        numbers = np.clip(numbers, -(2**40), 2**40)
        return np.where(numbers > 0, numbers - 1, before + numbers)

    def _statements(self, lines: "_Lines") -> None:
        """usemtl, mtllib, o; sets lines.material_of_faces."""
        changes, materials = [0], [self.material]
        for line, word, rest in lines.other_statements():
            self.statements += 1
            if self.statements > self.limits.materials:
                raise TooLarge("This OBJ file changes its material too often to be a scan. Please export it again.")
            if word == b"usemtl":
                self.material = self.material_names.setdefault(plain_text(rest), len(self.material_names))
                changes.append(line)
                materials.append(self.material)
            elif word == b"mtllib":
                self.libraries.append(plain_text(rest))
            elif word == b"o":
                self.objects.append(plain_text(rest))
            elif word not in SKIPPED:
                raise self._damaged("a line of an unknown kind")
        places = np.searchsorted(np.array(changes), np.flatnonzero(lines.is_face), side="right") - 1
        lines.material_of_faces = np.array(materials, np.int32)[places]

    def _numbers(self, lines: "_Lines", kept: NDArray[np.bool_], what: str) -> NDArray[np.float64]:
        try:
            return parse_numbers(lines.text_of(kept), np.float64)
        except UnreadableNumber as error:
            raise unreadable_number(what) from error

    def _damaged(self, what: str, code: str = "") -> BadStructure:
        return BadStructure(
            f"This OBJ file is damaged: it holds {what}. Please export it again.", code=code, after_line=self.line_count
        )


class _Lines:
    """A chunk of text as lines that hold something: what each is (by its first word) and how many values follow.

    is_point, is_uv, is_face: (L,) bool. values: (L,) words after the first.
    """

    def __init__(self, text: bytes) -> None:
        self._data = np.frombuffer(text, np.uint8)
        starts, ends = token_spans(self._data)
        breaks = np.flatnonzero(self._data == NEWLINE)
        if not text.endswith(b"\n"):
            breaks = np.append(breaks, len(self._data))
        firsts = np.searchsorted(starts, np.concatenate([[0], breaks[:-1] + 1]))
        words = np.diff(np.append(firsts, len(starts)))
        filled = words > 0
        firsts, self._breaks = firsts[filled], breaks[filled]
        self.values = words[filled] - 1
        self._word_start, self._word_end = starts[firsts], ends[firsts]
        self._classify()
        self.material_of_faces = np.empty(0, np.int32)

    def _classify(self) -> None:
        length = self._word_end - self._word_start
        first = self._data[self._word_start]
        second = self._data[np.minimum(self._word_start + 1, len(self._data) - 1)] if len(self._data) else first
        starts_with_v = first == ord("v")
        self.is_point = starts_with_v & (length == 1)
        self.is_uv = starts_with_v & (length == 2) & (second == ord("t"))
        self.is_face = (first == ord("f")) & (length == 1)
        is_normal = starts_with_v & (length == 2) & (second == ord("n"))
        is_group = (length == 1) & ((first == ord("g")) | (first == ord("s")))
        self._is_other = ~(self.is_point | self.is_uv | self.is_face | is_normal | is_group | (first == ord("#")))

    def text_of(self, kept: NDArray[np.bool_]) -> bytes:
        """What follows the first word of these lines, line ends included."""
        steps = np.zeros(len(self._data) + 2, np.int8)
        # A line's end and the next line's begin never coincide: at least the next line's word lies between.
        steps[self._word_end[kept]] += 1
        steps[self._breaks[kept] + 1] -= 1
        inside: NDArray[np.bool_] = np.cumsum(steps[: len(self._data)], dtype=np.int8).view(bool)
        return bytes(self._data[inside])

    def other_statements(self) -> list[tuple[int, bytes, bytes]]:
        """(line, first word, rest) of the few lines that are no point, normal, face, group or comment."""
        raw = self._data.data
        return [
            (
                int(line),
                bytes(raw[self._word_start[line] : self._word_end[line]]),
                bytes(raw[self._word_end[line] : self._breaks[line]]),
            )
            for line in np.flatnonzero(self._is_other)
        ]


class _Corners:
    """The corners of faces as text: `point`, `point/uv`, `point//normal` or `point/uv/normal`, in any mixture."""

    def __init__(self, text: bytes) -> None:
        self._data = np.frombuffer(text, np.uint8)
        self._is_slash = self._data == SLASH
        self._starts, _ = token_spans(self._data)
        self._has_slashes = bool(self._is_slash.any())
        if self._has_slashes:
            self._split()

    def _split(self) -> None:
        slashes = np.cumsum(self._is_slash, dtype=np.int32)
        begins = np.zeros(len(self._data), np.int32)
        begins[self._starts] = 1
        self._token = np.cumsum(begins, dtype=np.int32) - 1
        before = slashes[self._starts] - self._is_slash[self._starts]
        self._part = slashes - before[self._token]
        if int(self._part.max()) > 2:
            raise UnreadableNumber("a corner with more than three numbers")

    def points(self) -> NDArray[np.int64]:
        """(C,) point numbers as written. Raises UnreadableNumber."""
        numbers = parse_numbers(self._part_text(0) if self._has_slashes else self._data.tobytes(), np.int64)
        if len(numbers) != len(self._starts):
            raise UnreadableNumber("a corner without a point number")
        return numbers

    def uvs(self) -> NDArray[np.int64]:
        """(C,) texture coordinate numbers as written, 0 where a corner has none. Raises UnreadableNumber."""
        numbers = np.zeros(len(self._starts), np.int64)
        if self._has_slashes:
            has_uv = np.bincount(self._token[self._in_part(1)], minlength=len(numbers)) > 0
            numbers[has_uv] = parse_numbers(self._part_text(1), np.int64)
        return numbers

    def _in_part(self, part: int) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (self._part == part) & ~self._is_slash & (self._data > 32)
        return inside

    def _part_text(self, part: int) -> bytes:
        return np.where(self._in_part(part), self._data, np.uint8(32)).tobytes()


def _absolute_uvs(numbers: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.int64]:
    numbers = np.clip(numbers, -(2**40), 2**40)
    absolute = np.where(numbers > 0, numbers - 1, before + numbers)
    return np.where(numbers == 0, -1, absolute)
