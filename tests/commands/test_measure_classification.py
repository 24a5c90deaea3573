"""measure_classification counts what it is given: right, wrong, unsure, refused."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scans.classification.verdict import Arch
from scans.measurement.classification.answers import REFUSED, UNSURE, Answer, Labelled
from scans.measurement.classification.report import report
from scans.synthetic.arch import make_arch
from scans.synthetic.writers import stl


def measured(folder, **options):
    out = StringIO()
    call_command("measure_classification", folder, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    for jaw in (Arch.UPPER, Arch.LOWER):
        (tmp_path / f"{jaw}.stl").write_bytes(stl(make_arch(jaw, seed=107, faces=8_000)))
    (tmp_path / "broken.stl").write_bytes(b"solid nothing")
    rows = ["file,label,group", "upper.stl,upper,made", "lower.stl,lower,made", "broken.stl,other,broken"]
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    return tmp_path


def test_a_refused_file_is_a_row_and_every_pose_is_counted(folder):
    found = json.loads(measured(folder, json=True, poses=1, inverted=True))
    assert sum(found["confusion"]["upper"].values()) == 4
    assert found["confusion"]["other"]["refused"] == 1
    assert found["refused"][0]["file"] == "broken.stl"
    assert {row["name"] for row in found["by_pose"]} == {
        "as it is", "random pose", "as it is, inverted", "random pose, inverted",
    }  # fmt: skip


def test_the_tables_name_no_place_on_this_machine(folder):
    text = measured(folder)
    assert "| upper |" in text
    assert str(folder) not in text


def test_a_folder_without_labels_says_so(tmp_path):
    with pytest.raises(CommandError, match=r"no labels\.csv"):
        measured(tmp_path)


def test_a_file_that_is_missing_is_named(tmp_path):
    (tmp_path / "labels.csv").write_text("file,label,group\ngone.stl,upper,made")
    with pytest.raises(CommandError, match=r"gone\.stl"):
        measured(tmp_path)


def answer(label, named, confidence):
    return Answer(Labelled("a.stl", label, "source"), named, confidence, 0.1)


def test_sure_wrong_and_unsure_answers_are_told_apart():
    found = report(
        [
            answer("upper", "upper", 0.9),
            answer("upper", "lower", 0.85),
            answer("upper", "upper", 0.6),
            answer("lower", UNSURE, 0.0),
            answer("other", UNSURE, 0.0),
            answer("other", "bite", 0.7),
            answer("other", REFUSED, 0.0),
        ]
    )
    arches = found.by_label[-1]
    assert (arches.count, arches.correct, arches.sure, arches.sure_correct, arches.sure_wrong) == (4, 2, 2, 1, 1)
    assert [wrong.confidence for wrong in found.wrong] == [0.85, 0.7]
    assert len(found.refused) == 1
    assert [(each.low, each.count, each.accuracy) for each in found.bins] == [
        (0.6, 1, 1.0), (0.7, 1, 0.0), (0.8, 1, 0.0), (0.9, 1, 1.0),
    ]  # fmt: skip
