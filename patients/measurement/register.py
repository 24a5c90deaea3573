"""A register with the look-ups a clinic's database does: by name keys, near birth dates and chart numbers."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from patients.matching.blocking import birth_date_variants, blocking_keys, chart_keys, lookup_keys
from patients.matching.dates import birth_dates
from patients.matching.decide import Candidate, Decision, decide
from patients.matching.identity import Identity
from patients.matching.score import score

_Key = TypeVar("_Key", bound=Hashable)


class Register:
    def __init__(self, patients: Mapping[int, Identity]) -> None:
        self._patients = patients
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_date: dict[date, list[int]] = defaultdict(list)
        self._by_chart: dict[str, list[int]] = defaultdict(list)
        for number, identity in patients.items():
            _file(self._by_name, blocking_keys(identity), number)
            _file(self._by_date, birth_dates(identity), number)
            _file(self._by_chart, chart_keys(identity.chart_number), number)

    def __len__(self) -> int:
        return len(self._patients)

    def candidates(self, received: Identity) -> set[int]:
        """Whoever shares a key: the patients to score."""
        near = {day for known in birth_dates(received) for day in birth_date_variants(known)}
        found: set[int] = set()
        for key in lookup_keys(received):
            found.update(self._by_name.get(key, ()))
        for day in near:
            found.update(self._by_date.get(day, ()))
        for key in chart_keys(received.chart_number):
            found.update(self._by_chart.get(key, ()))
        return found

    def decide(self, received: Identity, candidates: Iterable[int]) -> Decision:
        return decide(received, [Candidate(number, score(received, self._patients[number])) for number in candidates])


def _file(index: dict[_Key, list[int]], keys: Iterable[_Key], number: int) -> None:
    for key in keys:
        index[key].append(number)
