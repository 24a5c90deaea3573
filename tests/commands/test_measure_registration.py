"""measure_registration counts poses found again and partners refused."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scans.measurement.registration.report import report
from scans.measurement.registration.trials import Error, Right, Wrong
from scans.meshes.registration.bite_fit import BiteState

GOOD, BAD = Error(0.02, 0.05, 0.1), Error(5.0, 9.0, 12.0)


def right(lower: Error, state: BiteState = BiteState.CONFIRMED) -> Right:
    return Right(state, 1, 30.0, 0.97, GOOD, lower, lower, 2.0)


def test_a_made_up_pair_is_found_within_the_bar() -> None:
    out = StringIO()
    call_command("measure_registration", pairs=1, json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert (found["pairs"], found["within"], found["confirmed"], found["partners"]) == (1, 1, 1, 0)


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no labels\.csv"):
        call_command("measure_registration", tmp_path)


def test_a_folder_without_pairs_measures_nothing(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,label,patient\n")
    out = StringIO()
    call_command("measure_registration", tmp_path, stdout=out)
    assert "Pairs: 0" in out.getvalue()


def test_a_pose_beside_the_bar_counts_as_missed_and_as_confirmed_wrongly() -> None:
    found = report([right(GOOD), right(BAD), right(BAD, BiteState.DOES_NOT_FIT)])
    assert (found.pairs, found.within, found.confirmed, found.confirmed_wrongly) == (3, 1, 2, 1)


def test_an_accepted_stranger_is_not_refused() -> None:
    refused, accepted = (Wrong("lower", BiteState.DOES_NOT_FIT, taken, 0.12, 1.0) for taken in (False, True))
    assert (report([refused, accepted]).partners, report([refused, accepted]).refused) == (2, 1)
