"""The process that lays bites on their jaws: `python -m scans.examination.register MEMORY_BYTES CPU_SECONDS`.

Only this process loads Open3D.
"""

from dataclasses import asdict
from typing import Any

from scans.examination import limited
from scans.examination.failing import BROKE, guarded
from scans.examination.jaws import as_list, read, read_jaws
from scans.examination.relation import CheckedBite, JawsRequest, ScanFile
from scans.meshes.errors import MeshError
from scans.meshes.findings import Finding, Severity
from scans.meshes.registration.bite_fit import BiteFit, BiteState, JawFit, fit_jaws
from scans.meshes.registration.places import Jaw, jaw
from scans.meshes.rigid import Floats, inverse


def answer(values: dict[str, Any]) -> dict[str, Any]:
    request = JawsRequest.of(values)
    jaws = read_jaws(request)
    upper, lower = jaw(jaws.upper), jaw(jaws.lower)
    return {"bites": {key: asdict(_bite(file, upper, lower)) for key, file in request.bites.items()}}


def _bite(file: ScanFile, upper: Jaw, lower: Jaw) -> CheckedBite:
    """One bite that cannot be laid costs its own answer, not that of the others."""
    try:
        return _checked(fit_jaws(read(file), upper, lower), lower.middle)
    except MemoryError:
        raise
    except MeshError as error:
        finding = Finding(error.code, Severity.WARNING, error.message)
    except Exception as error:  # noqa: BLE001 - whatever a scan does to a program is an answer
        finding = Finding(BROKE.code, Severity.WARNING, BROKE.message, {"error": type(error).__name__})
    return CheckedBite("FAILED", findings=[finding.as_dict()])


def _checked(fit: BiteFit, middle: Floats) -> CheckedBite:
    pose = _lower_to_upper(fit)
    return CheckedBite(
        fit.state.name,
        *_numbers(fit.upper),
        *_numbers(fit.lower),
        fit.explained,
        [finding.as_dict() for finding in fit.findings],
        None if pose is None else as_list(pose),
        fit.contact.as_dict() if fit.contact else {},
        fit.doubt.as_dict() if fit.doubt else {},
        middle.tolist(),
    )


def _numbers(jaw: JawFit | None) -> tuple[float | None, float | None, list[float] | None]:
    return (None, None, None) if jaw is None else (jaw.fitness, jaw.rms_mm, as_list(jaw.pose))


def _lower_to_upper(fit: BiteFit) -> Floats | None:
    """Through the bite's frame; only a confirmed bite relates the jaws."""
    if fit.state is not BiteState.CONFIRMED or fit.upper is None or fit.lower is None:
        return None
    return inverse(fit.upper.pose) @ fit.lower.pose


if __name__ == "__main__":
    limited.run(guarded(answer))
