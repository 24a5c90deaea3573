"""A case: what the scanner sent beside the patients it may belong to."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse

from patients.audit import Actor
from patients.models import AuditEvent, Patient
from scans.forms import HOLD_REASONS, REJECT_REASONS, PatientForm, ReasonForm, SearchForm, TypesForm
from scans.models import Case, Scan
from scans.scopes import CAPTURE, VIEW, allows
from scans.services import access, pending
from scans.services.deciding import compare
from scans.services.lacking import lacks_of
from scans.views.asking import case_of, page, require
from scans.wait_reasons import sentences


def case_page(request: HttpRequest, case_uuid: uuid.UUID) -> HttpResponse:
    """What the scanner sent beside the patients it may belong to. A POST searches for further patients."""
    require(request, VIEW)
    case = case_of(request, case_uuid)
    pending.rank_again(case)
    access.note_viewed(case, actor=Actor.of(request.user))
    search = SearchForm(request.POST or None)
    may_search = request.user.has_perm("patients.view_patient")
    words = search.cleaned_data["words"] if may_search and search.is_bound and search.is_valid() else ""
    return page(
        request,
        "case",
        title=str(case),
        case=case,
        wait_sentences=sentences(case.wait_codes),
        candidates=case.candidates.select_related("patient"),
        search=search,
        found=_found(case, words) if words else None,
        patient_form=PatientForm.prefilled(case.identity()),
        hold_form=ReasonForm(choices=HOLD_REASONS, auto_id="hold_%s"),
        reject_form=ReasonForm(choices=REJECT_REASONS, auto_id="reject_%s"),
        scans=_with_type_fields(case),
        lacks=lacks_of(case),
        may_decide=allows(request.user, CAPTURE),
        is_open=case.state in pending.OPEN,
        trail=AuditEvent.objects.filter(subject_uuid=case.uuid).exclude(verb="case.viewed")[:20],
    )


def _with_type_fields(case: Case) -> list[tuple[Scan, Any]]:
    """Every scan with its field of the form, None where there is nothing to choose."""
    form = TypesForm(case=case)
    fields = {field.name: field for field in form}
    return [(scan, fields.get(str(scan.uuid))) for scan in case.scans.all()]


def _found(case: Case, words: str) -> list[dict[str, Any]]:
    patients = Patient.objects.of_clinic(case.clinic).search(words).prefetch_related("aliases")[:10]
    return [{"patient": patient, "score": compare(case, patient)} for patient in patients]
