"""How deliveries stand, in the words and numbers that the upload page shows; a constant number of statements."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scans.models import Case, Delivery, Job, PendingCase, Scan
from scans.said import said
from scans.scopes import VIEW, allows
from scans.wait_reasons import sentences

UNTAKEN_AFTER = timedelta(seconds=20)
"""A worker that runs takes a job within a second or two, unless it is busy."""
State = Delivery.State


def states_of(deliveries: Sequence[Delivery], user: User | AnonymousUser) -> list[dict[str, Any]]:
    prefetch_related_objects(deliveries, "files", "clinic")
    jobs = _jobs_of(deliveries)
    cases = _cases_of(jobs.values(), user)
    return [_state(one, jobs.get(one.uuid), cases) for one in deliveries]


def _jobs_of(deliveries: Iterable[Delivery]) -> dict[uuid.UUID, Job]:
    uuids = [one.uuid for one in deliveries]
    rows = Job.objects.filter(kind=Job.Kind.PROCESS_DELIVERY, subject_uuid__in=uuids).order_by("created_at", "pk")
    return {job.subject_uuid: job for job in rows}


def _cases_of(jobs: Iterable[Job], user: User | AnonymousUser) -> dict[str, Case]:
    """By uuid. The job knows it: the case of a duplicate came with another delivery."""
    named = [job.outcome["case"] for job in jobs if job.outcome.get("case")]
    rows = PendingCase.objects.visible_to(user).select_related("patient")
    found = list(rows.filter(uuid__in=named)) if named and allows(user, VIEW) else []
    return {str(case.uuid): case for case in found}


def _state(delivery: Delivery, job: Job | None, cases: dict[str, Case]) -> dict[str, Any]:
    case = cases.get(str(job.outcome.get("case"))) if job else None
    return {
        "uuid": str(delivery.uuid),
        "state": delivery.state,
        "label": str(delivery.get_state_display()),
        "clinic": str(delivery.clinic),
        "at": date_format(timezone.localtime(delivery.received_at), "TIME_FORMAT"),
        "message": said(delivery.message),
        "files": _files(delivery),
        "job": _job(job) if job and delivery.state == State.RECEIVED else None,
        "lines": [_line(line) for line in delivery.report],
        "case": _case(case, delivery) if case else None,
    }


def _files(delivery: Delivery) -> list[dict[str, Any]]:
    arrived = {file.name for file in delivery.files.all()}
    return [{**one, "arrived": one["name"] in arrived} for one in delivery.announced]


def _job(job: Job) -> dict[str, Any]:
    is_untaken = job.state == Job.State.QUEUED and timezone.now() - job.woken_at > UNTAKEN_AFTER
    return {
        "state": job.state,
        "label": str(job.get_state_display()),
        "attempts": job.attempts,
        "done": job.steps_done,
        "total": job.steps_total,
        "isUntaken": is_untaken,
    }


def _line(line: dict[str, Any]) -> dict[str, Any]:
    category = line.get("category") if line["verdict"] == "accept" else None
    return {
        "name": line["path"],
        "verdict": line["verdict"],
        "type": str(Scan.Categories(category).label) if category in Scan.Categories.values else "",
        "message": said(line["message"]),
    }


def _case(case: Case, delivery: Delivery) -> dict[str, Any]:
    return {
        "state": case.state,
        "address": reverse("admin:scans_pendingcase_case", args=[case.uuid]),
        "words": _words(case, is_known=delivery.state == State.DUPLICATE),
    }


def _words(case: Case, *, is_known: bool) -> str:
    words = _what_became(case)
    if is_known:
        day = date_format(timezone.localtime(case.received_at), "SHORT_DATE_FORMAT")
        return _("Already here since %(day)s. %(words)s") % {"day": day, "words": words}
    return words


def _what_became(case: Case) -> str:
    if case.state == Case.State.FILED:
        return _("Filed under %(patient)s.") % {"patient": case.patient}
    if case.state == Case.State.PENDING:
        return _("Waits for a person: %(why)s") % {"why": " ".join(sentences(case.wait_codes))}
    return _("The case is %(state)s.") % {"state": case.get_state_display()}
