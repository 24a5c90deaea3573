"""measure_classification --variants, --group and --weights measure what they say."""

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from scans.classification.geometry.network import WEIGHTS
from scans.classification.verdict import Arch
from scans.measurement.classification.variants import CHANGES
from scans.synthetic.arch import make_arch
from scans.synthetic.writers import stl
from scans.training.parts import THINGS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("scans")
    rows = ["file,label,group,patient,occlusal_axis,anterior_axis"]
    for jaw, axis, group in ((Arch.UPPER, "-Z", "ours"), (Arch.LOWER, "+Z", "theirs")):
        (place / f"{jaw}.stl").write_bytes(stl(make_arch(jaw, seed=303, faces=8_000)))
        rows.append(f"{jaw}.stl,{jaw},{group},somebody,{axis},+Y")
    (place / "labels.csv").write_text("\n".join(rows))
    return place


def measured(folder, **options):
    out = StringIO()
    call_command("measure_classification", folder, stdout=out, json=True, **options)
    return json.loads(out.getvalue())


def test_each_arch_is_changed_in_every_way_and_made_into_every_thing(folder):
    found = measured(folder, variants=True, group=["ours"])
    assert {row["name"]: row["count"] for row in found["by_group"]} == dict.fromkeys([*CHANGES, *THINGS], 1)
    assert sum(found["confusion"]["upper"].values()) == len(CHANGES)
    assert sum(found["confusion"]["other"].values()) == len(THINGS)


def test_no_changed_arch_is_named_wrongly_with_confidence_and_no_thing_at_all(folder):
    rows = measured(folder, variants=True)["by_label"]
    assert sum(row["sure_wrong"] for row in rows) == 0


def test_made_up_people_come_with_two_arches_and_two_bites_also_inside_out(folder):
    found = measured(folder, made=2)["confusion"]
    assert {label: sum(named.values()) for label, named in found.items()} == {"bite": 8, "lower": 4, "upper": 4}
    assert found["upper"]["lower"] == found["lower"]["upper"] == 0


def test_only_the_group_asked_for_is_measured(folder):
    assert list(measured(folder, group=["theirs"])["confusion"]) == ["lower"]


@pytest.mark.parametrize("options", [{"group": ["nobody's"]}, {"weights": Path("gone.npz")}])
def test_nothing_to_measure_is_an_error_and_no_empty_table(folder, options):
    with pytest.raises(CommandError, match="no"):
        measured(folder, **options)


def test_the_weights_asked_for_are_used(folder, tmp_path):
    with np.load(WEIGHTS, allow_pickle=False) as file:
        blind = {name: file[name] if name.endswith("stride") else file[name] * 0 for name in file.files}
    np.savez(tmp_path / "blind.npz", **blind)
    rows = measured(folder, weights=tmp_path / "blind.npz")["by_label"]
    assert sum(row["sure"] for row in rows) == 0
    assert sum(row["sure"] for row in measured(folder)["by_label"]) == 4
