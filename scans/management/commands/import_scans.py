"""manage.py import_scans PATH... : files, folders and zips go in, a line per file comes out."""

import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from patients.audit import Actor
from patients.errors import DomainError
from patients.models import Clinic
from scans.examination.case import Wishes, examine_case
from scans.examination.examiner import Examiner
from scans.examination.gather import Group, gather
from scans.examination.report import lines_of_no_case, refusal_lines, refused_delivery_lines, report_lines
from scans.examination.storable import storable_text
from scans.examination.unpack import LocalFile, unpack
from scans.exports.manifest import ExportError
from scans.meshes.errors import MeshError
from scans.models import Delivery
from scans.services import jobs
from scans.services.intake import Incoming, Receipt, Wanted, receive
from scans.services.processing import child_limits
from scans.storage import CHUNK

Line = dict[str, Any]
NOT_READ_YET = "It is stored, but reading it did not finish; the background worker tries again."
MARKS = {"accept": "ok", "reject": "REJECTED", "skip": "-"}


class Command(BaseCommand):
    help = "Take scans in. Exit code 1 when a file was rejected."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--clinic", help="name of the clinic; needed only when there are several")
        parser.add_argument("--user", help="user name of who imports, for the audit trail")
        parser.add_argument("--dry-run", action="store_true", help="read, check and classify without storing")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object per file: verdict is accept, reject or skip (no scan)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            groups = gather(options["paths"])
        except FileNotFoundError as error:
            raise CommandError(f"There is no {error.filename}.") from error
        if not groups:
            raise CommandError("There is no file in this folder.")
        work = self._dry_run(groups) if options["dry_run"] else self._import(groups, options)
        rejected = 0
        for line in _with_progress(work, len(groups)):
            rejected += line["verdict"] == "reject"
            self.stdout.write(json.dumps(line, ensure_ascii=False) if options["json"] else _as_text(line))
        if rejected:
            raise SystemExit(1)

    def _dry_run(self, groups: list[Group]) -> Iterator[list[Line]]:
        with Examiner(child_limits()) as examiner:
            for group in groups:
                if group.is_left_over:
                    yield _located(group, _left_over(group))
                    continue
                with tempfile.TemporaryDirectory(prefix="archway-") as folder:
                    yield _located(group, _examine(group, examiner, Path(folder)))

    def _import(self, groups: list[Group], options: dict[str, Any]) -> Iterator[list[Line]]:
        clinic, actor = _clinic(options["clinic"]), _actor(options["user"])
        for group in groups:
            lines = _left_over(group) if group.is_left_over else _import_group(group, clinic, actor)
            yield _located(group, lines)


def _left_over(group: Group) -> list[Line]:
    """What belongs to no case: passed over, but every file is said."""
    return lines_of_no_case([file.as_export_file() for file in group.files])


def _examine(group: Group, examiner: Examiner, folder: Path) -> list[Line]:
    try:
        unpacked = unpack(group.files, folder, child_limits())
    except MeshError as error:
        return refusal_lines([file.name for file in group.files], error.code, error.message)
    try:
        case = examine_case(unpacked, examiner, folder, wishes=Wishes(), on_file=lambda done, total: None)
    except ExportError as error:
        return refused_delivery_lines(unpacked, error.code, error.message)
    return report_lines(case)


def _import_group(group: Group, clinic: Clinic, actor: Actor) -> list[Line]:
    try:
        receipt = receive(
            clinic,
            [Incoming(file.name, _chunks(file), file.path.stat().st_size) for file in group.files],
            channel=Delivery.Channel.COMMAND,
            wanted=Wanted(),
            actor=actor,
        )
    except DomainError as error:
        return refusal_lines([file.name for file in group.files], error.code, error.message)
    jobs.run(receipt.job.uuid)
    receipt.job.refresh_from_db()
    return _lines_of(receipt, group)


def _lines_of(receipt: Receipt, group: Group) -> list[Line]:
    delivery = receipt.delivery
    delivery.refresh_from_db()
    names = [file.name for file in group.files]
    if delivery.state == Delivery.State.RECEIVED:
        return refusal_lines(names, "not_read_yet", NOT_READ_YET)
    case = delivery.cases.order_by("pk").first()
    outcome = {
        "delivery": str(delivery.uuid),
        "delivery_state": delivery.state,
        "case": str(case.uuid) if case else None,
        "case_state": case.state if case else None,
        "wait_codes": case.wait_codes if case else [],
    }
    lines = delivery.report or refusal_lines(names, delivery.code, delivery.message)
    return [{**line, **outcome} for line in lines]


def _chunks(file: LocalFile) -> Iterator[bytes]:
    with file.path.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def _located(group: Group, lines: list[Line]) -> list[Line]:
    """Paths as a person finds the files: on the disk, or inside the zip."""
    places = {file.name: storable_text(str(file.path)) for file in group.files}
    archive = storable_text(str(group.files[0].path))
    return [{**line, "path": places.get(line["path"], f"{archive}!{line['path']}")} for line in lines]


def _with_progress(work: Iterator[list[Line]], total: int) -> Iterator[Line]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Cases", total=total)
        for lines in work:
            progress.advance(task)
            yield from lines


def _as_text(line: Line) -> str:
    what = f"{line['category']} {line['confidence']:.0%}" if line["category"] else line["kind"]
    remarks = [line["message"], line["conflict"], *(finding["message"] for finding in line["findings"])]
    return "  ".join([f"{MARKS[line['verdict']]:9}", line["path"], what, *filter(None, remarks)])


def _clinic(name: str | None) -> Clinic:
    clinics = Clinic.objects.filter(name=name) if name else Clinic.objects.all()
    found: list[Clinic] = list(clinics[:2])
    if not Clinic.objects.exists():
        raise CommandError("There is no clinic yet: add one in the admin, or run `make demo`.")
    if len(found) != 1:
        raise CommandError("Please name one clinic with --clinic: " + ", ".join(c.name for c in Clinic.objects.all()))
    return found[0]


def _actor(user_name: str | None) -> Actor:
    if not user_name:
        return Actor.system("command")
    user = get_user_model().objects.filter(username=user_name).first()
    if user is None:
        raise CommandError("There is no such user.")
    return Actor.of(user)
