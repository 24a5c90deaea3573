"""What a row of the queue says, in words that are made once: a page has hundreds of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patients.models import Patient
from scans.models import MatchCandidate
from scans.said import ago
from scans.services import ledger
from scans.services.glance import glance
from scans.services.lacking import lacks_of
from scans.wait_reasons import sentences


@dataclass(frozen=True, slots=True)
class Offer:
    """A likely patient as the row offers it. `tag` is unique on the page; `key` is the key that chooses it."""

    tag: str
    key: str
    patient: str
    name: str
    percent: str
    about: str
    chips: list[tuple[str, str]]
    contradicts: bool
    label: str


def describe(cases: Iterable[Any], *, shows_clinic: bool) -> None:
    """What a row shows beyond the case's own columns; two statements for all of them."""
    marks = ledger.marks_of(cases)
    words = _Words()
    for number, case in enumerate(cases, start=1):
        case.number = str(number)
        case.seen = str(marks[case.uuid])
        case.wait_sentences = sentences(case.wait_codes)
        case.lacks = lacks_of(case)
        case.age = ago(case.received_at)
        case.glance = glance(case, case.best_candidates)
        likely = enumerate(case.best_candidates, start=1)
        case.offers = [words.offer(candidate, f"{number}-{place}", str(place)) for place, candidate in likely]
        case.shows_clinic = shows_clinic


class _Words:
    """The words of one page in the language of its reader, each translated once."""

    def __init__(self) -> None:
        self.born, self.no_birth_date = _("born"), _("no birth date")
        self.chart, self.no_chart_number = _("chart"), _("no chart number")
        self.file, self.compare = _("File under %(patient)s"), _("Compare with %(patient)s")
        self.remembered = _("filed so before")
        self.fields = {"name": _("name"), "birth_date": _("birth date"), "chart_number": _("chart number")}
        self.outcomes = {
            "equal": ("✓", _("equal")),
            "similar": ("≈", _("similar")),
            "different": ("✕", _("different")),
            "missing": ("–", _("missing")),
        }

    def offer(self, candidate: MatchCandidate, tag: str, key: str) -> Offer:
        name, contradicts = str(candidate.patient), candidate.contradicts
        return Offer(
            tag=tag,
            key=key,
            patient=str(candidate.patient.uuid),
            name=name,
            percent=f"{candidate.score * 100:.0f}",
            about=self._about(candidate.patient),
            chips=[(chip["outcome"], self._chip(chip)) for chip in candidate.chips],
            contradicts=contradicts,
            label=(self.compare if contradicts else self.file) % {"patient": name},
        )

    def _about(self, patient: Patient) -> str:
        born = patient.birth_date
        birth = f"{self.born} {date_format(born, 'SHORT_DATE_FORMAT')}" if born else self.no_birth_date
        chart = f"{self.chart} {patient.chart_number}" if patient.chart_number else self.no_chart_number
        return f"{birth} · {chart}"

    def _chip(self, chip: dict[str, str]) -> str:
        sign, outcome = self.outcomes[chip["outcome"]]
        if chip["field"] == "remembered":
            return f"{sign} {self.remembered}"
        return f"{sign} {self.fields.get(chip['field'], chip['field'])} {outcome}"
