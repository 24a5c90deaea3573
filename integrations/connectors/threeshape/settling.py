"""Moving what was read to done/ or failed/, with a report beside it. Nothing is deleted, nothing is overwritten.

Order of steps: a note of what is to be moved (a hidden file in the watched folder), the report, the moves, the note
away. `resume` does from the note on what a crash or a lost drive left undone, so that of loose files that were moved
in part the rest is never taken for an export of its own.
"""

import errno
import json
import os
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from integrations.connectors.base import Outcome, Settlement
from integrations.connectors.threeshape.failures import gone, trouble_with
from integrations.connectors.threeshape.folder import Export, files_of, mark_of
from integrations.connectors.threeshape.names import DONE, FAILED
from integrations.errors import ConnectorError, Misconfigured
from scans.examination.names import numbered

FOLDER_OF = {
    Outcome.FILED: DONE,
    Outcome.WAITS: DONE,
    Outcome.DUPLICATE: DONE,
    Outcome.REJECTED: FAILED,
    Outcome.FAILED: FAILED,
}
REPORT = ".report.txt"
NOTE_START, NOTE_END = ".archway-", ".moving"
CANNOT = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EXDEV, errno.EROFS})
"""A file called "done", a done/ on another drive, a folder that is for reading only."""
LONGEST_NAME = 200
"""Bytes; most disks take 255, and " (2)" and the report's ending come on top."""


@dataclass(frozen=True, slots=True)
class Move:
    """What is to be done, as the note holds it. items: every name in the watched folder with its mark.

    name: in the target folder: of the folder or archive itself, or of a new folder for loose files.
    """

    folder: str
    name: str
    report: str
    items: tuple[tuple[str, str], ...]
    is_loose: bool


def settle(root: Path, export: Export, settlement: Settlement, moment: datetime) -> None:
    """Raises TryLater, Misconfigured; what is undone then is done by `resume`."""
    try:
        _finish(root, begin(root, export, settlement, moment))
    except OSError as error:
        raise _cannot_move(root, error) from None


def begin(root: Path, export: Export, settlement: Settlement, moment: datetime) -> Path:
    """Writes the note; from here on `resume` would end it."""
    folder = root / FOLDER_OF[settlement.outcome]
    folder.mkdir(exist_ok=True)
    top = export.tops[0]
    wanted = export.order_id.replace("/", "_") if export.is_loose else top.name
    name = _free_name(folder, wanted, is_file=top.is_file() and not export.is_loose)
    move = Move(folder.name, name, report_of(settlement, moment), _items(export), export.is_loose)
    return _write_note(root, move)


def _items(export: Export) -> tuple[tuple[str, str], ...]:
    if export.is_loose:
        return tuple((file.path.name, mark_of([file])) for file in export.files)
    return ((export.tops[0].name, export.mark),)


def resume(root: Path) -> None:
    """Ends what was begun. To be called before every look."""
    try:
        with os.scandir(root) as entries:
            names = [one.name for one in entries if one.name.startswith(NOTE_START) and one.name.endswith(NOTE_END)]
        for name in sorted(names):
            _finish(root, root / name)
    except OSError as error:
        raise _cannot_move(root, error) from None


def report_of(settlement: Settlement, moment: datetime) -> str:
    head = f"Archway, {moment:%Y-%m-%d %H:%M %Z}: {settlement.outcome}\n{settlement.message}\n"
    return head + "".join(f"\n- {line}" for line in settlement.lines) + ("\n" if settlement.lines else "")


def _cannot_move(root: Path, error: OSError) -> ConnectorError:
    if trouble := trouble_with(root, was_there=True):
        return trouble
    if isinstance(error, PermissionError) or error.errno in CANNOT:
        return Misconfigured("cannot_move", "Files cannot be moved within the watched folder. Please allow it.")
    return gone()


def _write_note(root: Path, move: Move) -> Path:
    """Whole or not at all: what a crash leaves half-written has another ending."""
    note = root / f"{NOTE_START}{uuid.uuid4().hex}{NOTE_END}"
    unfinished = note.with_suffix(".part")
    with unfinished.open("x", encoding="ascii") as target:
        json.dump(asdict(move), target)
        target.flush()
        os.fsync(target.fileno())
    unfinished.rename(note)
    return note


def _finish(root: Path, note: Path) -> None:
    move = _read_note(note)
    if move is None:
        return
    folder = root / move.folder
    folder.mkdir(exist_ok=True)
    _write_report(folder, f"{move.name}{REPORT}", move.report)
    place = folder / move.name
    if move.is_loose:
        place.mkdir(exist_ok=True)
    for name, mark in move.items:
        source = root / name
        found = files_of(root, source)
        # What changed since it was read is another revision: it stays and is taken anew.
        if found and mark_of(found) == mark:
            _move(source, place / name if move.is_loose else place)
    note.unlink()


def _read_note(note: Path) -> Move | None:
    """None for a file that only looks like one of our notes."""
    try:
        values: dict[str, Any] = json.loads(note.read_text(encoding="ascii"))
        items = tuple((Path(name).name, mark) for name, mark in values["items"])
        if values["folder"] not in (DONE, FAILED) or Path(values["name"]).name != values["name"]:
            return None
        return Move(values["folder"], values["name"], values["report"], items, values["is_loose"])
    except (ValueError, KeyError, TypeError):
        return None


def _write_report(folder: Path, name: str, text: str) -> None:
    """Once: a report that stands there already, whole, is the one of the attempt before."""
    content = text.encode("utf-8", "replace")
    place = folder / name
    if place.is_file() and place.read_bytes() == content:
        return
    unfinished = folder / f".{uuid.uuid4().hex}.part"
    unfinished.write_bytes(content)
    _move(unfinished, place)


def _move(source: Path, place: Path) -> None:
    """A rename, which is whole or not at all, to a name that nobody has."""
    free, number = place, 1
    while os.path.lexists(free):
        number += 1
        free = place.with_name(_numbered(place.name, number, is_file=source.is_file()))
    source.rename(free)


def _free_name(folder: Path, wanted: str, *, is_file: bool) -> str:
    """Neither the name nor the name of its report is taken."""
    name, number = _short(wanted, is_file=is_file), 1
    single = name
    while os.path.lexists(folder / single) or os.path.lexists(folder / f"{single}{REPORT}"):
        number += 1
        single = _numbered(name, number, is_file=is_file)
    return single


def _numbered(name: str, number: int, *, is_file: bool) -> str:
    return numbered(name, number) if is_file else f"{name} ({number})"


def _short(name: str, *, is_file: bool) -> str:
    if len(os.fsencode(name)) <= LONGEST_NAME:
        return name
    ending = Path(name).suffix[:16] if is_file else ""
    return os.fsencode(name)[:LONGEST_NAME].decode("utf-8", "ignore").rstrip(" .") + ending
