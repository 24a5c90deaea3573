"""The queue's pages over many cases and patients, timed; started by `python -m tests.benchmarks.queue`."""

import argparse
import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patients.models import Clinic, Membership, Patient
from scans.classification.verdict import Arch, Role
from scans.models import Case, Delivery, MatchCandidate, Scan

QUEUE = "/admin/scans/pendingcase/"
BAR_MS = 300
LAST = ("Marsh", "Boone", "Kowalska", "Quennell", "Feldbacher", "Ostrander", "Hale", "Iversen", "Nowak", "Lindqvist")
FIRST = ("Jane", "Richard", "Anna", "Odo", "Jonas", "Berta", "Carl", "Dora", "Emil", "Frida", "Greta", "Hugo")
REASONS = (["NAME_ALONE"], ["NO_CANDIDATE"], ["SEVERAL_CANDIDATES", "TYPE_UNSURE"], ["NOT_SURE"], ["TYPE_UNSURE"])
OUTCOMES = [{"field": "name", "outcome": "equal"}, {"field": "birth_date", "outcome": "equal"},
            {"field": "chart_number", "outcome": "missing"}]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--patients", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if connection.vendor == "postgresql":  # never the database of a test run beside this one
        connection.settings_dict["TEST"]["NAME"] = f"archway_benchmark_{os.getpid()}"
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        client = _desk(options.cases, options.patients)
        sys.stdout.write(_table(client, options))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _desk(cases: int, patients: int) -> Client:
    """The data, and a receptionist's browser at it."""
    call_command("setup_archway", verbosity=0)
    clinic = Clinic.objects.create(name="Ours")
    user = User.objects.create_user("desk", is_staff=True)
    user.groups.add(Group.objects.get(name="Front desk"))
    Membership.objects.create(user=user, clinic=clinic)
    _register(clinic, patients)
    _wait(clinic, cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")  # plain: an instrumented test client copies every context
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _person(number: int) -> tuple[str, str]:
    return FIRST[number % len(FIRST)], f"{LAST[number // 7 % len(LAST)]}{number // 100}"


def _register(clinic: Clinic, count: int) -> None:
    born = date(1940, 1, 1)
    Patient.objects.bulk_create(
        (
            Patient(
                clinic=clinic, first_name=_person(number)[0], last_name=_person(number)[1],
                birth_date=born + timedelta(days=number % 28_000), chart_number=f"C-{number}",
            )
            for number in range(count)
        ),
        batch_size=5_000,
    )  # fmt: skip


def _wait(clinic: Clinic, count: int) -> None:
    """Waiting cases, each with two scans and five likely patients."""
    delivery = Delivery.objects.create(clinic=clinic, channel=Delivery.Channel.API)
    patients = list(Patient.objects.order_by("pk")[: count + 5])
    cases = Case.objects.bulk_create(
        (
            Case(
                clinic=clinic, delivery=delivery, source=("ITERO", "3SHAPE", "MEDIT")[number % 3],
                order_id=f"{number}", order_key=f"{number}", fingerprint=f"{number}",
                received_full_name=f"{patients[number].last_name}, {patients[number].first_name}",
                received_birth_date=patients[number].birth_date, wait_codes=REASONS[number % len(REASONS)],
            )
            for number in range(count)
        ),
        batch_size=2_000,
    )  # fmt: skip
    now = timezone.now()
    for number, case in enumerate(cases):
        case.received_at = now - timedelta(minutes=7 * number)
    Case.objects.bulk_update(cases, ["received_at"], batch_size=500)
    Scan.objects.bulk_create(
        (
            Scan(
                case=case, arrived_in=case, name="scan", size=1,
                sha256=hashlib.sha256(f"{case.pk}{arch}".encode()).hexdigest(),
                state=Scan.State.READY, arch=str(arch), role=str(Role.ARCH), category=category, confidence=0.99,
                scan_format="stl", thumbnail="thumbnail.webp",
            )
            for case in cases
            for arch, category in ((Arch.UPPER, "SCAN_UPPER"), (Arch.LOWER, "SCAN_LOWER"))
        ),
        batch_size=2_000,
    )  # fmt: skip
    MatchCandidate.objects.bulk_create(
        (
            MatchCandidate(
                case=case, patient=patients[number + rank], rank=rank + 1, score=1 - rank / 10 - number % 9 / 100,
                reasons=OUTCOMES,
            )
            for number, case in enumerate(cases)
            for rank in range(5)
        ),
        batch_size=2_000,
    )  # fmt: skip


def _table(client: Client, options: argparse.Namespace) -> str:
    last = -(-options.cases // 25)
    looks: dict[str, Callable[[], int]] = {
        "first page": lambda: _get(client, ""),
        "filtered page": lambda: _get(client, "?reason=TYPE_UNSURE&source=MEDIT&age=week"),
        "best match first": lambda: _get(client, "?order=best"),
        "by name": lambda: _get(client, "?order=name"),
        "last page": lambda: _get(client, f"?order=oldest&page={last}"),
        "search": lambda: _search(client, "jane marsh3"),
        "link from the queue and the page after it": lambda: _link(client),
    }
    title = f"{connection.vendor}: {options.cases:,} waiting cases, {options.patients:,} patients"
    lines = [
        f"\n{title}, median of {options.rounds}.\n\n",
        "| what | median ms | slowest ms | of it our CPU ms | statements | their ms |\n",
    ]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |\n")
    for name, look in looks.items():
        look()
        times, own = zip(*(_milliseconds(look) for _ in range(options.rounds)), strict=True)
        with CaptureQueriesContext(connection) as asked:
            look()
        median = statistics.median(times)
        bar = "" if median < BAR_MS else f" (over {BAR_MS})"
        database = sum(float(query["time"]) for query in asked.captured_queries) * 1000
        figures = (
            f"{median:.0f}{bar}",
            f"{max(times):.0f}",
            f"{statistics.median(own):.0f}",
            len(asked),
            f"{database:.0f}",
        )
        lines.append(f"| {name} | {' | '.join(map(str, figures))} |\n")
    return "".join(lines)


def _milliseconds(look: Callable[[], int]) -> tuple[float, float]:
    """By the clock on the wall, and of our own process: the second tells what a busy machine hides."""
    start, used = time.perf_counter(), time.process_time()
    look()
    return (time.perf_counter() - start) * 1000, (time.process_time() - used) * 1000


def _get(client: Client, query: str) -> int:
    return _answered(client.get(QUEUE + query).status_code)


def _answered(status: int) -> int:
    if status != 200:
        raise SystemExit(f"the queue answered {status}")
    return status


def _search(client: Client, words: str) -> int:
    """The form and the page that it leads to; then the search is taken back without being timed apart."""
    status = _answered(client.post(QUEUE, {"words": words}, follow=True).status_code)
    session = client.session
    session.pop("queue_search", None)
    session.save()
    return status


def _link(client: Client) -> int:
    case = Case.objects.pending().order_by("received_at", "pk").first()
    best = case.candidates.select_related("patient").get(rank=1)
    address = reverse("admin:scans_pendingcase_file", args=[case.uuid])
    form = {"patient": best.patient.uuid, "seen": "0", "place": "1", "back": QUEUE}
    return _answered(client.post(address, form, follow=True).status_code)
