"""Real arches and other real things, where they are at hand: the bars of the classification on them."""

import csv
from collections import Counter

from scans.classification.by_geometry import by_geometry
from scans.classification.verdict import Role
from scans.measurement.classification.answers import answers, labelled
from scans.measurement.classification.report import report
from scans.meshes.readers import open_mesh


def some(folder, label, every):
    return [scan for scan in labelled(folder) if scan.label == label][::every]


def test_every_sixteenth_arch_is_named_rightly_in_two_poses_and_inside_out(shared_data):
    folder = shared_data / "scans"
    scans = some(folder, "upper", 16) + some(folder, "lower", 16)
    found = report(list(answers(folder, scans, poses=1, inverted=True)))
    row = found.by_label[-1]
    assert row.sure_wrong == 0
    assert row.accuracy >= 0.98
    assert row.coverage >= 0.9


def test_no_other_thing_is_named_with_confidence(shared_data):
    folder = shared_data / "scans"
    found = report(list(answers(folder, some(folder, "other", 1), poses=0, inverted=False)))
    assert sum(row.sure for row in found.by_group) == 0
    assert not found.refused


def test_uppers_without_a_palate_say_so(shared_data):
    with (shared_data / "scans" / "labels.csv").open(newline="") as table:
        files = [row["file"] for row in csv.DictReader(table) if row["group"].startswith("meshsegnet")]
    votes = [by_geometry(open_mesh(shared_data / "scans" / file).mesh).vote for file in files]
    words = Counter("no palate" in vote.evidence for vote in votes if vote.role is Role.ARCH)
    assert words[True] > words[False]
