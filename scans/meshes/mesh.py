"""The triangle mesh that every reader returns and every measurement takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles over shared vertices, as the file gave them: never moved, never scaled.

    vertices: (V, 3) float32, in the unit of the file (millimetres in every vendor's export), all finite.
    faces: (F, 3) int32, indices into vertices, each in 0..V-1; F >= 1; winding as in the file.
    colors: (V, 3) uint8 sRGB, or None where the file has no colour.
    welded: whether no two vertices are known to lie at the same place, as a reader that has just joined them can say.
    """

    vertices: NDArray[np.float32]
    faces: NDArray[np.int32]
    colors: NDArray[np.uint8] | None = None
    welded: bool = False

    @property
    def vertex_count(self) -> int:
        return len(self.vertices)

    @property
    def face_count(self) -> int:
        return len(self.faces)
