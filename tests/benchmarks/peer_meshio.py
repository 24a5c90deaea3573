"""Reading with meshio."""

from pathlib import Path

import meshio


def reading(path: Path, folder: Path) -> None:
    meshio.read(path)
