"""ASCII STL, strictly: every facet is the same 21 tokens, and anything else refuses the file.

    facet normal x y z  outer loop  vertex x y z  vertex x y z  vertex x y z  endloop  endfacet

The text is taken in chunks that end with a facet; keywords and numbers are checked column by column.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, NoFaces, Truncated
from scans.meshes.findings import Finding
from scans.meshes.limits import ReadLimits
from scans.meshes.readers.assemble import build_mesh, require_count, require_finite
from scans.meshes.readers.base import Reading, Source
from scans.meshes.readers.in_order import in_order
from scans.meshes.readers.remarks import missing_end, trailing_bytes, zero_normals
from scans.meshes.readers.stl_facets import KEYWORDS, NORMAL, TOKENS, Facets, facet_chunks, read_facets
from scans.meshes.readers.text import (
    UnreadableNumber,
    parse_numbers,
    plain_text,
    token_spans,
    unreadable_number,
    whole_lines,
    without_bom,
)
from scans.meshes.weld import weld

_PADDING = b"\0\x1a"
"""Zero bytes and the end-of-file mark of DOS: some programs fill the last block with them."""


class AsciiStl:
    scan_format = "STL"

    def accepts(self, source: Source) -> bool:
        head = without_bom(source.head).lstrip()
        return head[:5].lower() == b"solid" and b"\0" not in head.rstrip(_PADDING)

    def read(self, source: Source) -> Reading:
        body = _Body(source.limits)
        with source.open() as stream:
            chunks = facet_chunks(whole_lines(stream, source.limits))
            for lines, facets in in_order(lambda text: (text, read_facets(text)), chunks, source.size):
                if facets is None or body.rest:
                    body.take(lines)
                else:
                    body.add(facets)
        body.finish(source.size)
        triangles = body.triangles()
        require_finite(triangles)
        vertices, faces = weld(triangles)
        return Reading("STL", "ascii", build_mesh(vertices, faces), body.remarks(), {"name": body.name})


@dataclass(slots=True)
class _Body:
    """What has been read so far: facets, and the text of a facet that a chunk boundary cut."""

    limits: ReadLimits
    name: str = ""
    solids: int = 0
    ends: int = 0
    faces: int = 0
    padding: int = 0
    has_normals: bool = False
    rest: bytes = b""
    parts: list[NDArray[np.float32]] = field(default_factory=list)

    def take(self, lines: bytes) -> None:
        if not self.solids:
            lines = without_bom(lines)
        stripped = lines.rstrip(_PADDING)
        self.padding += len(lines) - len(stripped)
        text = self.rest + self._without_names(stripped)
        cut = text.rfind(b"endfacet")
        cut = 0 if cut < 0 else cut + len(b"endfacet")
        self._facets(text[:cut])
        self.rest = text[cut:].lstrip()
        if len(self.rest) > self.limits.header_bytes:
            raise self._not_a_facet()

    def add(self, facets: Facets) -> None:
        """A chunk of whole facets."""
        require_count("triangles", self.faces + len(facets.corners), self.limits.faces)
        self.parts.append(facets.corners)
        self.faces += len(facets.corners)
        self.has_normals = self.has_normals or facets.has_normals

    def _without_names(self, lines: bytes) -> bytes:
        """Lower case, with the `solid name` and `endsolid name` lines blanked: names hold any text."""
        text = lines.lower()
        pieces, done = [], 0
        found = text.find(b"solid")
        while found >= 0:
            start = found - 3 if text[max(found - 3, 0) : found] == b"end" else found
            end = text.find(b"\n", found)
            end = len(text) if end < 0 else end
            if start == 0 or text[start - 1] <= 32:
                self._count_solid(is_end=start < found, name=lines[found + 5 : end])
                pieces.append(text[done:start])
                done = end
            found = text.find(b"solid", end)
        return b"".join([*pieces, text[done:]])

    def _count_solid(self, *, is_end: bool, name: bytes) -> None:
        if is_end:
            self.ends += 1
        else:
            self.name = self.name or plain_text(name)
            self.solids += 1

    def _facets(self, text: bytes) -> None:
        if not text:
            return
        data = np.frombuffer(text, np.uint8).copy()
        starts, ends = token_spans(data)
        count = len(starts) // TOKENS
        if count * TOKENS != len(starts) or not _keywords_fit(data, starts, ends):
            raise self._explain(data, starts, ends)
        require_count("triangles", self.faces + count, self.limits.faces)
        self.parts.append(self._numbers(data, starts.reshape(-1, TOKENS), ends.reshape(-1, TOKENS)))
        self.faces += count

    def _numbers(
        self, data: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """(F, 3, 3) corners. Normals are only looked at: exporters write "-nan(ind)" for slivers."""
        for column, word in KEYWORDS.items():
            _blank(data, starts[:, column], len(word))
        try:
            numbers = parse_numbers(data.tobytes(), np.float32).reshape(-1, 12)
            self.has_normals = self.has_normals or bool(numbers[:, :3].any())
            return numbers[:, 3:].reshape(-1, 3, 3)
        except UnreadableNumber:
            self.has_normals = True
        for column in NORMAL:
            _blank_tokens(data, starts[:, column], ends[:, column])
        try:
            return parse_numbers(data.tobytes(), np.float32).reshape(-1, 3, 3)
        except UnreadableNumber as error:
            raise unreadable_number(f"after triangle {self.faces}") from error

    def _explain(self, data: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> BadStructure:
        whole = len(starts) // TOKENS * TOKENS
        fits = _facets_that_fit(data, starts[:whole], ends[:whole])
        self.faces += int(np.argmin(fits)) if len(fits) and not fits.all() else len(fits)
        return self._not_a_facet()

    def _not_a_facet(self) -> BadStructure:
        return BadStructure(
            f"Triangle {self.faces + 1} of this file is not written as three points. Please export it again, "
            "as a binary STL if the program offers it.",
            code="not_a_triangle",
            facet=self.faces + 1,
        )

    def finish(self, size: int) -> None:
        """Raises unless the file ends where a facet or a solid ends."""
        left = self.rest.split()
        if left and not b"endsolid".startswith(left[0]):
            if not _starts_a_facet(left):
                raise self._not_a_facet()
            raise Truncated(
                f"This file is cut off in triangle {self.faces + 1}. Please export it again.",
                offset=size,
                present=self.faces,
            )
        if left[1:]:
            raise self._not_a_facet()
        if not self.faces and not self.ends:
            raise Truncated("This file ends before the first triangle. Please export it again.", offset=size, present=0)
        if not self.faces:
            raise NoFaces("This STL file holds no triangles. Please export the scan again.")

    def triangles(self) -> NDArray[np.float32]:
        return np.concatenate(self.parts)

    def remarks(self) -> tuple[Finding, ...]:
        found = []
        if self.ends < self.solids:
            found.append(missing_end(self.faces))
        if self.padding:
            found.append(trailing_bytes(self.padding))
        if not self.has_normals:
            found.append(zero_normals())
        return tuple(found)


def _keywords_fit(data: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> bool:
    return bool(_facets_that_fit(data, starts, ends).all())


def _facets_that_fit(data: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(21 F,) token spans -> (F,) whether every keyword stands in its column."""
    first, last = starts.reshape(-1, TOKENS), ends.reshape(-1, TOKENS)
    fits = np.ones(len(first), bool)
    for column, word in KEYWORDS.items():
        fits &= last[:, column] - first[:, column] == len(word)
        for place, byte in enumerate(word):
            # A shorter token may lie at the very end of the text; its length has already settled it.
            fits &= data.take(first[:, column] + place, mode="clip") == byte
    return fits


def _blank(data: NDArray[np.uint8], starts: NDArray[np.intp], length: int) -> None:
    for place in range(length):
        data[starts + place] = 32


def _blank_tokens(data: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> None:
    lengths = ends - starts
    for place in range(int(lengths.max())):
        data[starts[lengths > place] + place] = 32


def _starts_a_facet(tokens: list[bytes]) -> bool:
    """Whether these (few) tokens are the beginning of a facet, the last one perhaps cut."""
    if len(tokens) > TOKENS:
        return False
    last = len(tokens) - 1
    words: dict[int, Any] = {column: word for column, word in KEYWORDS.items() if column <= last}
    return all(tokens[i] == word or (i == last and word.startswith(tokens[i])) for i, word in words.items())
