"""The figures of a measurement: confusion, coverage and accuracy at 80 %, calibration, wrong answers, timing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scans.classification.verdict import CONFIDENT
from scans.measurement.classification.answers import REFUSED, UNSURE, Answer

OTHER = "other"
NAMES = ("upper", "lower", "bite", UNSURE, REFUSED)
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """count: answers. correct: named rightly at any confidence. sure: at 80 % or more; sure_correct, sure_wrong of
    these. For "other" scans the only right answer is unsure; being sure of anything is wrong."""

    name: str
    count: int
    correct: int
    sure: int
    sure_correct: int
    sure_wrong: int

    @property
    def accuracy(self) -> float:
        return self.correct / self.count if self.count else 0.0

    @property
    def coverage(self) -> float:
        return self.sure / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers that name something, from `low` up to the next bin's."""

    low: float
    count: int
    mean_confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Report:
    confusion: dict[str, dict[str, int]]
    by_label: tuple[Row, ...]
    by_group: tuple[Row, ...]
    by_pose: tuple[Row, ...]
    bins: tuple[Bin, ...]
    calibration_error: float
    brier: float
    wrong: tuple[Answer, ...]
    refused: tuple[Answer, ...]
    median_s: float
    longest_s: float

    def as_dict(self) -> dict[str, Any]:
        return {
            **{name: value for name, value in asdict(self).items() if name not in ("wrong", "refused")},
            "wrong": [_wrong_as_dict(answer) for answer in self.wrong],
            "refused": [{**asdict(answer.scan), "reason": answer.reason} for answer in self.refused],
        }


def report(answers: Sequence[Answer]) -> Report:
    read = [answer for answer in answers if answer.named != REFUSED]
    arches = [answer for answer in read if answer.scan.label != OTHER]
    naming = [answer for answer in read if answer.named != UNSURE]
    bins = _bins(naming)
    seconds = [answer.seconds for answer in read] or [0.0]
    return Report(
        confusion=_confusion(answers),
        by_label=(*_rows(read, lambda answer: answer.scan.label), _row("all but other", arches)),
        by_group=_rows(read, lambda answer: answer.scan.group),
        by_pose=_rows(arches, lambda answer: answer.pose),
        bins=bins,
        calibration_error=sum(each.count * abs(each.accuracy - each.mean_confidence) for each in bins)
        / max(len(naming), 1),
        brier=float(np.mean([(answer.confidence - _is_right(answer)) ** 2 for answer in naming] or [0.0])),
        wrong=tuple(answer for answer in naming if not _is_right(answer)),
        refused=tuple(answer for answer in answers if answer.named == REFUSED),
        median_s=float(np.median(seconds)),
        longest_s=max(seconds),
    )


def _is_right(answer: Answer) -> bool:
    return answer.named == (UNSURE if answer.scan.label == OTHER else answer.scan.label)


def _is_sure(answer: Answer) -> bool:
    return answer.named != UNSURE and answer.confidence >= CONFIDENT


def _confusion(answers: Iterable[Answer]) -> dict[str, dict[str, int]]:
    counts = Counter((answer.scan.label, answer.named) for answer in answers)
    return {label: {name: counts[label, name] for name in NAMES} for label in sorted({label for label, _ in counts})}


def _rows(answers: Sequence[Answer], key: Any) -> tuple[Row, ...]:
    names = dict.fromkeys(key(answer) for answer in answers)
    return tuple(_row(name, [answer for answer in answers if key(answer) == name]) for name in names)


def _row(name: str, answers: Sequence[Answer]) -> Row:
    sure = [answer for answer in answers if _is_sure(answer)]
    right = sum(map(_is_right, sure))
    return Row(name, len(answers), sum(map(_is_right, answers)), len(sure), right, len(sure) - right)


def _bins(naming: Sequence[Answer]) -> tuple[Bin, ...]:
    found = []
    for low, high in zip(BINS, (*BINS[1:-1], 1.01), strict=False):
        members = [answer for answer in naming if low <= answer.confidence < high]
        if members:
            confidences = [answer.confidence for answer in members]
            found.append(
                Bin(low, len(members), float(np.mean(confidences)), sum(map(_is_right, members)) / len(members))
            )
    return tuple(found)


def _wrong_as_dict(answer: Answer) -> dict[str, Any]:
    return {
        **asdict(answer.scan),
        "named": answer.named,
        "confidence": round(answer.confidence, 3),
        "pose": answer.pose,
    }
