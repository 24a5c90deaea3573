"""The head of a PLY file: which elements follow, how often, and how each of their properties is stored."""

import re
from dataclasses import dataclass

import numpy as np

from scans.meshes.errors import BadStructure, Truncated
from scans.meshes.readers.text import plain_text, without_bom

_TYPES = {
    "char": "i1",
    "int8": "i1",
    "uchar": "u1",
    "uint8": "u1",
    "short": "i2",
    "int16": "i2",
    "ushort": "u2",
    "uint16": "u2",
    "int": "i4",
    "int32": "i4",
    "uint": "u4",
    "uint32": "u4",
    "float": "f4",
    "float32": "f4",
    "double": "f8",
    "float64": "f8",
}
_BYTE_ORDERS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}
_END = re.compile(rb"(?:\r\n|\n|\r)[ \t]*end_header[ \t]*(\r\n|\n|\r|$)")
_COMPLAINT = "The head of this PLY file is damaged. Please export the scan again."


@dataclass(frozen=True, slots=True)
class Property:
    """One value, or a list where `count_type` is given. Types carry the file's byte order."""

    name: str
    value_type: np.dtype[np.generic]
    count_type: np.dtype[np.generic] | None = None


@dataclass(frozen=True, slots=True)
class Element:
    name: str
    count: int
    properties: tuple[Property, ...]

    @property
    def smallest_bytes(self) -> int:
        """Bytes of one record whose lists are all empty."""
        return sum((p.count_type or p.value_type).itemsize for p in self.properties)

    @property
    def smallest_tokens(self) -> int:
        return len(self.properties)


@dataclass(frozen=True, slots=True)
class Header:
    """encoding: the word of the format line. body: offset of the first byte after the head."""

    encoding: str
    elements: tuple[Element, ...]
    comments: tuple[str, ...]
    body: int

    @property
    def is_ascii(self) -> bool:
        return self.encoding == "ascii"


def parse_header(head: bytes, *, is_whole_file: bool) -> Header:
    """The first bytes of a file -> Header. Raises Truncated (no end_header) or BadStructure."""
    end = _END.search(head)
    if end is None:
        raise _no_end(is_whole_file=is_whole_file)
    body = end.end()
    # Only old Mac files end lines with \r alone; elsewhere a \r\n after \n lines (or \n after \r\n) is one line end.
    if end.group(1) == b"\r\n" and _line_end(head) == b"\r":
        body -= 1
    lines = re.split(rb"\r\n|\n|\r", without_bom(head[: end.start()]))
    encoding, order = _format(lines)
    return Header(encoding, _elements(lines, order), _comments(lines), body)


def _line_end(head: bytes) -> bytes:
    first = re.search(rb"\r\n|\n|\r", head)
    return first.group() if first else b""


def _format(lines: list[bytes]) -> tuple[str, str]:
    for line in lines:
        words = line.decode("latin-1").split()
        if words[:1] == ["format"]:
            if len(words) != 3 or words[1] not in _BYTE_ORDERS or words[2] != "1.0":
                raise BadStructure(_COMPLAINT, code="bad_header")
            return words[1], _BYTE_ORDERS[words[1]]
    raise BadStructure(_COMPLAINT, code="bad_header")


def _elements(lines: list[bytes], order: str) -> tuple[Element, ...]:
    found: list[tuple[str, int, list[Property]]] = []
    for line in lines[1:]:
        words = line.decode("latin-1").split()
        if not words or words[0] in ("comment", "obj_info", "format"):
            continue
        if words[0] == "element" and len(words) == 3:
            found.append((words[1], _count(words[2]), []))
        elif words[0] == "property" and found:
            found[-1][2].append(_property(words, order))
        else:
            raise BadStructure(_COMPLAINT, code="bad_header")
    elements = tuple(Element(name, count, tuple(properties)) for name, count, properties in found)
    if len({e.name for e in elements}) < len(elements):
        raise BadStructure(_COMPLAINT, code="bad_header")
    return elements


def _count(word: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", word):
        raise BadStructure(
            "This PLY file states an impossible number of points or triangles. Please export it again.",
            code="bad_count",
        )
    return int(word)


def _property(words: list[str], order: str) -> Property:
    is_list = words[1:2] == ["list"]
    types = words[2:4] if is_list else words[1:2]
    if len(words) != (5 if is_list else 3) or not all(word in _TYPES for word in types):
        raise BadStructure(_COMPLAINT, code="bad_header")
    value_type = np.dtype(order + _TYPES[types[-1]])
    if not is_list:
        return Property(words[2], value_type)
    count_type = np.dtype(order + _TYPES[types[0]])
    if count_type.kind == "f":
        raise BadStructure(_COMPLAINT, code="bad_header")
    return Property(words[4], value_type, count_type)


def _comments(lines: list[bytes]) -> tuple[str, ...]:
    """Comments and obj_info lines as written (they may name a texture file, and with it a patient)."""
    kept = (line.strip().partition(b" ") for line in lines)
    return tuple(plain_text(text) for word, _, text in kept if word in (b"comment", b"obj_info"))


def _no_end(*, is_whole_file: bool) -> Truncated | BadStructure:
    if is_whole_file:
        return Truncated("This PLY file ends before its head is complete. Please export it again.")
    return BadStructure(_COMPLAINT, code="bad_header")
