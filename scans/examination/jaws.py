"""The two jaws of a case read again, and whether they meet as they were exported or as the scanner's matrices say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scans.examination.relation import IDENTITY, JawsRequest, Relation, RelationKind, ScanFile
from scans.meshes.mesh import Mesh
from scans.meshes.readers import open_mesh
from scans.meshes.registration.occlusion import contact
from scans.meshes.rigid import Floats, inverse, moved

AS_EXPORTED = "Both files lie in occlusion as they were exported: the teeth meet."
BY_MATRIX = "The scanner's matrices place both jaws in occlusion: the teeth meet."
UNKNOWN = "The jaws do not meet as they were exported, and nothing that was tried places them."


@dataclass(frozen=True, slots=True, eq=False)
class Jaws:
    upper: Mesh
    lower: Mesh


def read(file: ScanFile) -> Mesh:
    """Raises MeshError, NeedsKey. Colours do not matter here: nothing beside the file is read."""
    return open_mesh(Path(file.path), hps_key=file.hps_key).mesh


def read_jaws(request: JawsRequest) -> Jaws:
    return Jaws(read(request.upper), read(request.lower))


def relation_of(jaws: Jaws, request: JawsRequest) -> Relation:
    """What is most trusted first: the files as they are, then the matrices; each is believed only if the teeth meet."""
    found = contact(jaws.upper, jaws.lower)
    numbers = {"as_exported": found.as_dict()}
    if found.plausible:
        return Relation(RelationKind.AS_EXPORTED, IDENTITY, AS_EXPORTED, numbers)
    for name, pose in _by_matrices(request):
        placed = contact(jaws.upper, placed_by(jaws.lower, pose))
        numbers[f"matrix {name}"] = placed.as_dict()
        if placed.plausible:
            return Relation(RelationKind.MATRIX, as_list(pose), BY_MATRIX, numbers)
    return Relation(RelationKind.UNKNOWN, None, UNKNOWN, numbers)


def _by_matrices(request: JawsRequest) -> Iterator[tuple[str, Floats]]:
    """The lower in the upper's frame, by each matrix that any of the two has. A jaw without it stays where it is."""
    upper, lower = request.upper.matrices, request.lower.matrices
    for name in dict.fromkeys([*upper, *lower]):
        pose = inverse(as_pose(upper.get(name, IDENTITY))) @ as_pose(lower.get(name, IDENTITY))
        if not np.allclose(pose, np.eye(4)):
            yield name, pose


def placed_by(mesh: Mesh, pose: Floats) -> Mesh:
    return Mesh(moved(mesh.vertices.astype(np.float64), pose).astype(np.float32), mesh.faces)


def as_pose(numbers: list[float]) -> Floats:
    return np.array(numbers, np.float64).reshape(4, 4)


def as_list(pose: Floats) -> list[float]:
    return [float(value) for value in pose.reshape(-1)]
