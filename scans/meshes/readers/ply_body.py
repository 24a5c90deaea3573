"""The records of a PLY element as columns, out of bytes or out of numbers that were text.

Records without lists, and records whose lists all have the first record's lengths (every triangle mesh), are one
structured view. Only where lengths vary is the chain of records walked: where record i+1 begins is known only after
record i, and no vectorised form of that walk was as fast as the plain loop over list lengths.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, Truncated
from scans.meshes.readers.ply_header import Element, Property

_NEGATIVE = "This PLY file is damaged: it holds a list of negative length. Please export it again."
_WORDS = {"vertex": "points", "face": "triangles"}


@dataclass(frozen=True, slots=True)
class Records:
    """Values of one element. columns: name -> (N,). lists: name -> (N,) lengths and all values in a row."""

    columns: dict[str, NDArray[np.generic]]
    lists: dict[str, tuple[NDArray[np.integer], NDArray[np.generic]]]


def cut_off(element: Element, present: int) -> Truncated:
    return Truncated(
        f"This file is cut off: {present} of {element.count} {_WORDS.get(element.name, 'entries')} are there. "
        "Please export it again.",
        present=present,
        declared=element.count,
    )


class BinaryBody:
    """Takes elements one after the other from the bytes after the head."""

    def __init__(self, data: memoryview, offset: int) -> None:
        self._data = data
        self.offset = offset

    @property
    def left(self) -> int:
        return len(self._data) - self.offset

    def take(self, element: Element) -> Records:
        """The next element's records. Raises Truncated, BadStructure; allocates nothing before the count is checked."""
        smallest = element.smallest_bytes
        if element.count * smallest > self.left:
            raise cut_off(element, self.left // smallest)
        if not element.count or not element.properties:
            return _no_records(element)
        lengths = self._first_lengths(element)
        return self._uniform(element, lengths) or self._walked(element)

    def _first_lengths(self, element: Element) -> list[int]:
        """Lengths of the lists in the record at the offset; -1 where the bytes end before."""
        position, lengths = self.offset, []
        for prop in element.properties:
            if prop.count_type is None:
                position += prop.value_type.itemsize
                continue
            length = self._length(prop.count_type, position)
            lengths.append(length)
            position += prop.count_type.itemsize + max(length, 0) * prop.value_type.itemsize
        return lengths

    def _length(self, count_type: np.dtype[np.generic], position: int) -> int:
        if position + count_type.itemsize > len(self._data):
            return -1
        return int(np.frombuffer(self._data, count_type, 1, position)[0])

    def _uniform(self, element: Element, lengths: list[int]) -> Records | None:
        """All records in one view, or None if one of them has other list lengths (or the bytes do not suffice)."""
        if any(length < 0 for length in lengths):
            return None
        record_bytes = element.smallest_bytes + sum(
            length * p.value_type.itemsize for length, p in zip(lengths, _lists(element), strict=True)
        )
        if element.count * record_bytes > self.left:
            return None
        view = np.frombuffer(self._data, _record_type(element, lengths), element.count, self.offset)
        if any((view[f"n{i}"] != length).any() for i, length in enumerate(lengths)):
            return None
        self.offset += element.count * record_bytes
        columns = {p.name: view[f"p{i}"] for i, p in enumerate(element.properties) if p.count_type is None}
        lists = {p.name: (view[f"n{i}"], view[f"v{i}"].reshape(-1)) for i, p in enumerate(_lists(element))}
        return Records(columns, lists)

    def _walked(self, element: Element) -> Records:
        """Records of varying length: a walk finds where each value lies, then the values are taken out together."""
        steps = [_Step(p) for p in element.properties]
        position, end = self.offset, len(self._data)
        for number in range(element.count):
            for step in steps:
                if step.count_bytes:
                    if position + step.count_bytes > end:
                        raise cut_off(element, number)
                    counted = self._data[position : position + step.count_bytes]
                    length = int.from_bytes(counted, step.order, signed=step.signed)
                    if length < 0:
                        raise BadStructure(_NEGATIVE, code="bad_list", offset=position)
                    position += step.count_bytes
                    step.lengths.append(length)
                    step.begins.append(position)
                    position += length * step.value_bytes
                else:
                    step.begins.append(position)
                    position += step.value_bytes
            if position > end:
                raise cut_off(element, number)
        self.offset = position
        return _records(element, steps, self._gather)

    def _gather(self, prop: Property, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.generic]:
        """Values may begin at any byte, so bytes are moved, not values."""
        size = prop.value_type.itemsize
        firsts = np.repeat(begins, lengths) + _within(lengths) * size
        raw = np.frombuffer(self._data, np.uint8)
        gathered = np.empty((len(firsts), size), np.uint8)
        for byte in range(size):
            gathered[:, byte] = raw[firsts + byte]
        return gathered.reshape(-1).view(prop.value_type)


class _Step:
    """What the walk needs of a property as plain numbers, and what it finds."""

    __slots__ = ("begins", "count_bytes", "lengths", "order", "signed", "value_bytes")

    def __init__(self, prop: Property) -> None:
        counted = prop.count_type
        self.value_bytes = prop.value_type.itemsize
        self.count_bytes = counted.itemsize if counted is not None else 0
        self.signed = counted is not None and counted.kind == "i"
        self.order: Literal["big", "little"] = "big" if counted is not None and counted.byteorder == ">" else "little"
        self.begins = array("q")
        self.lengths = array("q")


class TextBody:
    """Takes elements one after the other from the numbers after the head, (N,) float64."""

    def __init__(self, numbers: NDArray[np.float64]) -> None:
        self._numbers = numbers
        self.offset = 0

    @property
    def left(self) -> int:
        return len(self._numbers) - self.offset

    def take(self, element: Element) -> Records:
        if element.count * element.smallest_tokens > self.left:
            raise cut_off(element, self.left // element.smallest_tokens)
        if not element.count or not element.properties:
            return _no_records(element)
        return self._uniform(element) or self._walked(element)

    def _uniform(self, element: Element) -> Records | None:
        places = self._places_in_first(element)
        if places is None:
            return None
        width = places[-1][1] + places[-1][2]
        if element.count * width > self.left:
            return None
        table = self._numbers[self.offset : self.offset + element.count * width].reshape(-1, width)
        columns: dict[str, NDArray[np.generic]] = {}
        lists: dict[str, tuple[NDArray[np.integer], NDArray[np.generic]]] = {}
        for prop, start, length in places:
            if prop.count_type is None:
                columns[prop.name] = _as_declared(prop, table[:, start])
                continue
            if (table[:, start - 1] != length).any():
                return None
            values = table[:, start : start + length].reshape(-1)
            lists[prop.name] = (np.full(element.count, length), values)
        self.offset += element.count * width
        return Records(columns, lists)

    def _places_in_first(self, element: Element) -> list[tuple[Property, int, int]] | None:
        """(property, first column, columns) of the first record; None where its lists reach past the end."""
        places, column = [], 0
        for prop in element.properties:
            length = 1
            if prop.count_type is not None:
                if self.offset + column >= len(self._numbers):
                    return None
                length = _list_length(self._numbers[self.offset + column])
                column += 1
            places.append((prop, column, length))
            column += length
            if column > self.left:
                return None
        return places

    def _walked(self, element: Element) -> Records:
        steps = [_Step(p) for p in element.properties]
        numbers = self._numbers.data
        position, end = self.offset, len(numbers)
        for number in range(element.count):
            for step in steps:
                if step.count_bytes:
                    if position >= end:
                        raise cut_off(element, number)
                    length = _list_length(numbers[position])
                    position += 1
                    step.lengths.append(length)
                    step.begins.append(position)
                    position += length
                else:
                    step.begins.append(position)
                    position += 1
            if position > end:
                raise cut_off(element, number)
        self.offset = position
        return _records(element, steps, self._gather)

    def _gather(self, prop: Property, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.generic]:
        values = self._numbers[np.repeat(begins, lengths) + _within(lengths)]
        return values if prop.count_type is not None else _as_declared(prop, values)


_Gather = Callable[[Property, NDArray[np.int64], NDArray[np.int64]], NDArray[np.generic]]


def _records(element: Element, steps: list[_Step], gather: _Gather) -> Records:
    columns: dict[str, NDArray[np.generic]] = {}
    lists: dict[str, tuple[NDArray[np.integer], NDArray[np.generic]]] = {}
    for prop, step in zip(element.properties, steps, strict=True):
        begins = np.array(step.begins, np.int64)
        if prop.count_type is None:
            columns[prop.name] = gather(prop, begins, np.ones(len(begins), np.int64))
        else:
            lengths = np.array(step.lengths, np.int64)
            lists[prop.name] = (lengths, gather(prop, begins, lengths))
    return Records(columns, lists)


def _within(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """[3, 2] -> [0, 1, 2, 0, 1]: the place of every value in its own list."""
    return np.arange(int(lengths.sum()), dtype=np.int64) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _as_declared(prop: Property, values: NDArray[np.float64]) -> NDArray[np.generic]:
    """Numbers of a text in the type the head declares, where they are of that type."""
    if prop.value_type.kind == "f" or not len(values):
        return values
    span = np.iinfo(prop.value_type.str)
    whole = np.rint(values)
    if (whole != values).any() or whole.min() < span.min or whole.max() > span.max:
        return values
    return whole.astype(prop.value_type)


def _list_length(number: float) -> int:
    if not (0 <= number < 2**31 and number == int(number)):
        raise BadStructure(_NEGATIVE, code="bad_list")
    return int(number)


def _lists(element: Element) -> list[Property]:
    return [p for p in element.properties if p.count_type is not None]


def _record_type(element: Element, lengths: list[int]) -> np.dtype[np.void]:
    """Packed: p<property> for single values, n<list> and v<list> for the length and the values of a list."""
    fields: list[tuple[str, np.dtype[np.generic]] | tuple[str, np.dtype[np.generic], tuple[int]]] = []
    for i, prop in enumerate(element.properties):
        if prop.count_type is None:
            fields.append((f"p{i}", prop.value_type))
            continue
        number = sum(1 for f in fields if f[0].startswith("n"))
        fields.append((f"n{number}", prop.count_type))
        fields.append((f"v{number}", prop.value_type, (lengths[number],)))
    return np.dtype(fields)


def _no_records(element: Element) -> Records:
    nothing = np.empty(0, np.int64)
    return Records(
        {p.name: nothing for p in element.properties if p.count_type is None},
        {p.name: (nothing, nothing) for p in _lists(element)},
    )
