"""Our own pass, as the child process makes it for every file."""

from pathlib import Path

from scans.examination.examination import Request
from scans.examination.examine import examine
from scans.meshes.readers import open_mesh


def whole(path: Path, folder: Path) -> None:
    places = {f"{name}_path": str(folder / name) for name in ("thumbnail", "preview", "detail")}
    answer = examine(Request(str(path), **places))
    if answer.state != "READY" or not (answer.has_preview and answer.has_thumbnail):
        raise RuntimeError(answer.message or "no pictures")


def reading(path: Path, folder: Path) -> None:
    open_mesh(path)
