"""What was measured as Markdown, each bar with whether it holds."""

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measuring import Cost

NAMES = {
    "archway": "Archway",
    "peer_trimesh": "trimesh",
    "peer_open3d": "Open3D",
    "peer_meshio": "meshio",
    "peer_vtk": "vtk",
}
TIMES_FASTER = {"peer_trimesh": 5.0, "peer_open3d": 15.0}
MOST_MEMORY = 6.0
MOST_GROWTH = 2.2


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def verdict(holds: bool) -> str:
    return "holds" if holds else "misses"


def whole_pass(costs: dict[str, Cost], path: Path) -> str:
    ours = costs["archway"]
    rows = []
    for peer, cost in costs.items():
        ratio, bar = cost.seconds / ours.seconds, TIMES_FASTER.get(peer)
        judged = f"at least {bar:.0f}x: {verdict(ratio >= bar)}" if bar else ""
        with_imports = f"{cost.whole_seconds:.2f} ({cost.whole_seconds / ours.whole_seconds:.1f}x)"
        numbers = [f"{cost.seconds:.2f}", f"{ratio:.1f}x", judged, f"{cost.processor_seconds:.2f}", with_imports]
        rows.append([NAMES[peer], *numbers, _memory(cost, path)])
    header = ["whole pass", "seconds", "to ours", "bar", "processor seconds", "with start and imports"]
    return table([*header, "peak memory / file"], rows)


def scaling(costs: Sequence[tuple[int, Path, Cost]]) -> str:
    rows, before = [], None
    for faces, path, cost in costs:
        growth = cost.seconds / before if before else None
        judged = f"{growth:.2f}x, at most {MOST_GROWTH}x: {verdict(growth <= MOST_GROWTH)}" if growth else ""
        share = cost.peak_bytes / path.stat().st_size
        memory = f"{share:.1f}x, at most {MOST_MEMORY:.0f}x: {verdict(share <= MOST_MEMORY)}"
        rows.append([f"{faces:,}", _megabytes(path), f"{cost.seconds:.2f}", judged, memory])
        before = cost.seconds
    return table(["triangles", "file", "seconds", "to half as many", "peak memory / file"], rows)


def reading(costs: Sequence[tuple[str, Path, dict[str, Cost], bool]]) -> str:
    """One row a format; the last value says whether being as fast as the fastest is a bar there."""
    peers = ["peer_open3d", "peer_trimesh", "peer_meshio", "peer_vtk"]
    rows = []
    for name, path, found, is_bar in costs:
        fastest = min((found[peer].seconds for peer in peers if peer in found), default=float("inf"))
        ours = found["archway"].seconds
        judged = verdict(ours <= fastest) if is_bar else ""
        seconds = [f"{found[peer].seconds:.3f}" if peer in found else "not installed" for peer in peers]
        rows.append([name, _megabytes(path), f"{ours:.3f}", *seconds, judged])
    header = ["reading only", "file", "Archway", *(NAMES[peer] for peer in peers), "as fast as the fastest"]
    return table(header, rows)


def _memory(cost: Cost, path: Path) -> str:
    return f"{cost.peak_bytes / path.stat().st_size:.1f}x"


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.0f} MB"
