"""A report as Markdown tables."""

from collections.abc import Iterable, Sequence

from scans.measurement.classification.report import NAMES, Report, Row


def as_markdown(report: Report) -> str:
    parts = [
        "### Named (columns) against label (rows)",
        _table(["", *NAMES], ([label, *map(str, row.values())] for label, row in report.confusion.items())),
        "### At 80 % confidence",
        _rows("label", report.by_label),
        _rows("group", report.by_group),
        _rows("pose (all but other)", report.by_pose),
        f"### Calibration (expected calibration error {report.calibration_error:.3f}, Brier {report.brier:.3f})",
        _table(
            ["confidence from", "answers", "mean confidence", "right"],
            (
                [f"{each.low:.1f}", str(each.count), f"{each.mean_confidence:.3f}", f"{each.accuracy:.1%}"]
                for each in report.bins
            ),
        ),
        f"Time after reading: median {report.median_s:.3f} s, longest {report.longest_s:.3f} s",
        *_wrong(report),
    ]
    return "\n\n".join(parts)


def _rows(name: str, rows: Sequence[Row]) -> str:
    heads = [name, "answers", "right", "accuracy", "sure", "coverage", "right when sure", "wrong when sure"]
    cells = (
        [row.name, str(row.count), str(row.correct), f"{row.accuracy:.1%}", str(row.sure), f"{row.coverage:.1%}",
         str(row.sure_correct), str(row.sure_wrong)]
        for row in rows
    )  # fmt: skip
    return _table(heads, cells)


def _wrong(report: Report) -> list[str]:
    lines = [
        f"- {answer.scan.file}: {answer.scan.label} named {answer.named} at {answer.confidence:.0%}, {answer.pose}"
        for answer in report.wrong
    ]
    lines += [f"- {answer.scan.file}: refused, {answer.reason}" for answer in report.refused]
    return ["### Wrong answers and refusals", "\n".join(lines) if lines else "None."]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, ["---"] * len(heads), *rows)]
    return "\n".join(lines)
