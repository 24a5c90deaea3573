"""Slow and simple readers, written from the formats alone: what they count, an accepted file must hold.

They check nothing that a reader refuses. Each takes the bytes of a file and returns the corners of its triangles,
(F, 3, 3) float32; what they cannot read is a ValueError, LookupError or struct.error.
"""

import re
import struct

import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float32]
BLANKS = bytes(10 if byte in (10, 13) else 32 if byte <= 32 else byte for byte in range(256))
"""Every control character is a blank, every line end \\n."""

PLY_TYPES = {
    "char": "b",
    "uchar": "B",
    "short": "h",
    "ushort": "H",
    "int": "i",
    "uint": "I",
    "float": "f",
    "double": "d",
}
PLY_TYPES |= {"int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I"}
PLY_TYPES |= {"float32": "f", "float64": "d"}
FACE_LISTS = ("vertex_indices", "vertex_index")


def as_corners(triangles: list[list[list[float]]]) -> Corners:
    with np.errstate(over="ignore"):
        return np.array(triangles, np.float64).astype(np.float32).reshape(-1, 3, 3)


def fanned(points: list[list[float]], polygons: list[list[int]]) -> Corners:
    triangles = [[p[0], p[i], p[i + 1]] for p in polygons for i in range(1, len(p) - 1)]
    if any(i < 0 for triangle in triangles for i in triangle):
        raise ValueError("an index below zero")
    return as_corners([[points[i] for i in triangle] for triangle in triangles])


def stl_binary(data: bytes) -> Corners:
    (count,) = struct.unpack_from("<I", data, 80)
    records = [struct.unpack_from("<12x9f", data, 84 + 50 * i) for i in range(count)]
    return as_corners([[list(r[0:3]), list(r[3:6]), list(r[6:9])] for r in records])


def stl_ascii(data: bytes) -> Corners:
    tokens: list[bytes] = []
    for line in data.removeprefix(b"\xef\xbb\xbf").lower().translate(BLANKS).split(b"\n"):
        for word in line.split():
            if word.startswith((b"solid", b"endsolid")):
                break
            tokens.append(word)
    count = len(tokens) // 21
    facets = [tokens[21 * i : 21 * i + 21] for i in range(count)]
    left = tokens[21 * count :]
    if left and not (len(left) == 1 and b"endsolid".startswith(left[0])):
        raise ValueError("something after the last facet")
    words = b"facet normal . . . outer loop vertex . . . vertex . . . vertex . . . endloop endfacet".split()
    if any(w not in (b".", t) for facet in facets for w, t in zip(words, facet, strict=True)):
        raise ValueError("a facet of other words")
    return as_corners([[[float(t) for t in facet[at : at + 3]] for at in (8, 12, 16)] for facet in facets])


def obj(data: bytes) -> Corners:
    points: list[list[float]] = []
    polygons: list[list[int]] = []
    counts: list[int] = []
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").translate(BLANKS)
    for words in map(bytes.split, _joined(text.split(b"\n"))):
        if words[:1] == [b"v"]:
            points.append([float(word) for word in words[1:4]])
        elif words[:1] == [b"f"]:
            polygons.append([int(word.split(b"/")[0]) for word in words[1:]])
            counts.append(len(points))
    if any(number == 0 for polygon in polygons for number in polygon):
        raise ValueError("a corner number 0")
    pairs = zip(polygons, counts, strict=True)
    return fanned(points, [[n - 1 if n > 0 else before + n for n in polygon] for polygon, before in pairs])


def _joined(lines: list[bytes]) -> list[bytes]:
    """Lines with their continuations; a comment is never continued."""
    joined, held = [], b""
    for number, line in enumerate(lines):
        is_comment = not held and line.lstrip(b" ").startswith(b"#")
        if line.endswith(b"\\") and not is_comment and number + 1 < len(lines):
            held += line[:-1] + b" "
            continue
        joined.append(held + line)
        held = b""
    return [*joined, held]


def ply(data: bytes) -> Corners:
    end = re.search(rb"[\r\n][ \t]*end_header[ \t]*(\r\n|\n|\r|$)", data)
    if end is None:
        raise ValueError("no end of the head")
    lines = re.split(rb"[\r\n]+", data[: end.start()])
    words = [line.decode("latin-1").split() for line in lines]
    kind = next(w[1] for w in words if w[:1] == ["format"])
    body = end.end()
    first_end = re.search(rb"\r\n|\n|\r", data)
    if end.group(1) == b"\r\n" and first_end and first_end.group() == b"\r":
        body -= 1
    values = _Text(data[body:]) if kind == "ascii" else _Packed(data, body, "<" if "little" in kind else ">")
    found: dict[str, list[dict[str, list[float]]]] = {}
    for name, count, properties in _elements(words):
        found[name] = [_record(values, properties) for _ in range(count)] if properties else []
    points = [[row[axis][0] for axis in "xyz"] for row in found["vertex"]]
    name = next(name for name in FACE_LISTS if name in found["face"][0])
    return fanned(points, [[_index(value) for value in row[name]] for row in found["face"]])


def _elements(words: list[list[str]]) -> list[tuple[str, int, list[list[str]]]]:
    found: list[tuple[str, int, list[list[str]]]] = []
    for line in words:
        if line[:1] == ["element"]:
            found.append((line[1], int(line[2]), []))
        elif line[:1] == ["property"]:
            found[-1][2].append(line[1:])
    return found


def _record(values: "_Text | _Packed", properties: list[list[str]]) -> dict[str, list[float]]:
    row = {}
    for words in properties:
        is_list = words[0] == "list"
        count = _index(values.next(words[1])) if is_list else 1
        row[words[-1]] = [values.next(words[-2]) for _ in range(count)]
    return row


def _index(value: float) -> int:
    if value != int(value):
        raise ValueError("no whole number")
    return int(value)


class _Text:
    def __init__(self, text: bytes) -> None:
        self._tokens = iter(text.translate(BLANKS).split())

    def next(self, _: str) -> float:
        token = next(self._tokens, None)
        if token is None:
            raise ValueError("the text ends too early")
        return float(token)


class _Packed:
    def __init__(self, data: bytes, position: int, order: str) -> None:
        self._data, self._position, self._order = data, position, order

    def next(self, kind: str) -> float:
        code = self._order + PLY_TYPES[kind]
        (value,) = struct.unpack_from(code, self._data, self._position)
        self._position += struct.calcsize(code)
        return float(value)
