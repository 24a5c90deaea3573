"""How two jaws meet, as asked of a child process and answered by it: JSON values only."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

IDENTITY = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]


class RelationKind(StrEnum):
    """How the relation of the jaws is known, the most trusted first."""

    AS_EXPORTED = "AS_EXPORTED"
    MATRIX = "MATRIX"
    BITE = "BITE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A file to read again. matrices: name -> 16 numbers, row by row, as scans.exports.placing gives them."""

    path: str
    hps_key: str = field(default="", repr=False)
    matrices: dict[str, list[float]] = field(default_factory=dict)

    @staticmethod
    def of(values: dict[str, Any]) -> "ScanFile":
        return ScanFile(**values)


@dataclass(frozen=True, slots=True)
class JawsRequest:
    """bites: by the caller's key; the process that only looks at the jaws does not read them."""

    upper: ScanFile
    lower: ScanFile
    bites: dict[str, ScanFile] = field(default_factory=dict)

    @staticmethod
    def of(values: dict[str, Any]) -> "JawsRequest":
        bites = {key: ScanFile.of(bite) for key, bite in values["bites"].items()}
        return JawsRequest(ScanFile.of(values["upper"]), ScanFile.of(values["lower"]), bites)


@dataclass(frozen=True, slots=True)
class Relation:
    """lower_to_upper: 16 numbers, row by row: takes the lower's file into the upper's frame; None when unknown.

    numbers: what was measured, by the way that was tried.
    """

    kind: RelationKind
    lower_to_upper: list[float] | None = None
    evidence: str = ""
    numbers: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(values: dict[str, Any]) -> "Relation":
        return Relation(**{**values, "kind": RelationKind(values["kind"])})


@dataclass(frozen=True, slots=True)
class CheckedBite:
    """What laying one bite on both jaws came to; see scans.meshes.registration.bite_fit. state: as a BiteLink has it.

    A transform takes the arch into the bite's frame. contact: how the jaws meet when this bite places them;
    doubt: about that, see registration.refinement.Doubt; both empty where it does not fit both. lower_middle: (3,) mm,
    of the lower's surface in its own frame.
    """

    state: str
    upper_fitness: float | None = None
    upper_rms_mm: float | None = None
    upper_transform: list[float] | None = None
    lower_fitness: float | None = None
    lower_rms_mm: float | None = None
    lower_transform: list[float] | None = None
    explained: float | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)
    lower_to_upper: list[float] | None = None
    contact: dict[str, Any] = field(default_factory=dict)
    doubt: dict[str, float] = field(default_factory=dict)
    lower_middle: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer: code and a sentence."""

    code: str
    message: str
