"""Matrices that came with a scan: one convention, and only rigid ones count."""

import numpy as np
import pytest

from scans.exports.placing import matrices_of
from scans.exports.values import NOT_RIGID, matrix

COLUMN = [0.0, -1, 0, 7, 1, 0, 0, 8, 0, 0, 1, 9, 0, 0, 0, 1]
ROW = np.reshape(COLUMN, (4, 4)).T.reshape(-1).tolist()


@pytest.mark.parametrize(("values", "stored"), [(COLUMN, "last_column"), (ROW, "last_row")])
def test_a_vendor_s_matrix_moves_a_point_by_its_last_column(values: list[float], stored: str) -> None:
    found = matrices_of({"transform": matrix(values, stored=stored)})["transform"]
    assert (np.reshape(found, (4, 4)) @ [1, 2, 3, 1]).tolist() == [5, 9, 12, 1]


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        (ROW, "last_column"),
        (COLUMN, "last_row"),
        ([2.0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1], "last_column"),
        ([-1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], "last_column"),
    ],
    ids=["rows taken for columns", "columns taken for rows", "scaled", "mirrored"],
)
def test_what_is_not_rigid_is_said_and_not_honoured(values: list[float], stored: str) -> None:
    transform = matrix(values, stored=stored)
    assert transform["code"] == NOT_RIGID
    assert matrices_of({"transform": transform}) == {}


def test_a_3shape_file_s_matrices_keep_their_names() -> None:
    metadata = {"transforms": {"TransformationFromScanCoordinates": COLUMN, "broken": [1, 2], "mirror": [-1] * 16}}
    assert matrices_of(metadata) == {"TransformationFromScanCoordinates": COLUMN}


@pytest.mark.parametrize("metadata", [{}, {"transform": 3}, {"transform": {"matrix": []}}, {"transforms": [1]}])
def test_a_scan_without_a_matrix_has_none(metadata: dict[str, object]) -> None:
    assert matrices_of(metadata) == {}
