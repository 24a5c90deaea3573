"""The matrices that came with a scan: 4 x 4, for column vectors, translation in mm in the last column."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from scans.meshes.rigid import is_rigid

MOST = 8
NUMBERS = 16
OWN = "transform"


def matrices_of(metadata: Mapping[str, Any]) -> dict[str, list[float]]:
    """From its metadata: name -> 16 numbers, row by row. Only rigid ones: what scales, shears or mirrors places no jaw.

    "transform" is the vendor's one matrix for this file; the others stand in a 3Shape file under their own names.
    """
    found: dict[str, Any] = {}
    own, named = metadata.get(OWN), metadata.get("transforms")
    if isinstance(own, Mapping):
        found[OWN] = [value for row in own.get("matrix", ()) for value in row]
    if isinstance(named, Mapping):
        found |= dict(list(named.items())[:MOST])
    return {name: list(values) for name, values in found.items() if rigid(values)}


def rigid(values: Any) -> bool:
    try:
        numbers = np.array(values, np.float64)
    except (TypeError, ValueError):
        return False
    return numbers.size == NUMBERS and is_rigid(numbers.reshape(4, 4))
