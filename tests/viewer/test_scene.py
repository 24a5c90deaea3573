"""What the viewer is told of a case: which scans, where each lies in the upper's frame, what was found where."""

import numpy as np
import pytest
from django.urls import reverse

from patients.models import AuditEvent
from scans.models import BiteLink, Case, Occlusion, Scan
from scans.services.scene import scene_of
from tests.made import World, hand_over, itero_zip, lower_stl, upper_stl, zip_of

TURN = np.array([[0, -1, 0, 5], [1, 0, 0, -3], [0, 0, 1, 2], [0, 0, 0, 1]], dtype=float)
SHIFT = np.array([[1, 0, 0, 1], [0, 1, 0, 2], [0, 0, 1, 3], [0, 0, 0, 1]], dtype=float)


def numbers(matrix: np.ndarray) -> list[float]:
    return [float(number) for number in matrix.reshape(-1)]


@pytest.fixture
def case(world: World) -> Case:
    hand_over(world.ours, itero_zip("1234", "Marsh, Jane"))
    found: Case = Case.objects.get()
    return found


def relate(case: Case, lower_to_upper: np.ndarray) -> tuple[Scan, Scan]:
    upper, lower = case.scans.get(category="SCAN_UPPER"), case.scans.get(category="SCAN_LOWER")
    known = {"kind": "MATRIX", "upper": upper, "lower": lower, "lower_to_upper": numbers(lower_to_upper)}
    Occlusion.objects.update_or_create(case=case, defaults=known)
    return upper, lower


def parts_of(case: Case, world: World) -> dict[str, dict[str, object]]:
    return {part["uuid"]: part for part in scene_of(case, world.owner)["parts"]}


def test_the_lower_lies_where_its_matrix_puts_it(world: World, case: Case) -> None:
    upper, lower = relate(case, TURN)
    parts = parts_of(case, world)
    assert parts[str(upper.uuid)]["transform"] == numbers(np.eye(4))
    assert (parts[str(lower.uuid)]["transform"], parts[str(lower.uuid)]["place_known"]) == (numbers(TURN), True)


def test_a_relation_that_nobody_knows_is_said_to_be_unknown(world: World, case: Case) -> None:
    Occlusion.objects.filter(case=case).delete()
    scene = scene_of(case, world.owner)
    assert [part["place_known"] for part in scene["parts"]] == [True, False]
    assert scene["place_known"] is False


@pytest.mark.parametrize("by", ["upper", "lower"])
def test_a_bite_is_laid_on_the_arch_that_fits_it(world: World, case: Case, by: str) -> None:
    upper, lower = relate(case, SHIFT)
    # A bite beside the arches: the row alone, as registration would leave it.
    bite = Scan.objects.get(pk=lower.pk)
    bite.pk, bite.uuid, bite.sha256, bite.category = None, None, "b" * 64, "SCAN_BITE"
    bite.uuid = Scan._meta.get_field("uuid").default()
    bite.save()
    BiteLink.objects.create(case=case, bite=bite, upper=upper, lower=lower, **{f"{by}_transform": numbers(TURN)})
    expected = np.linalg.inv(TURN) if by == "upper" else SHIFT @ np.linalg.inv(TURN)
    assert parts_of(case, world)[str(bite.uuid)]["transform"] == pytest.approx(numbers(expected))


def test_findings_with_a_place_come_first_and_are_numbered(world: World, case: Case) -> None:
    findings = scene_of(case, world.owner)["findings"]
    assert [finding["number"] for finding in findings] == list(range(1, len(findings) + 1))
    placed = [bool(finding["place"]) for finding in findings]
    assert placed == sorted(placed, reverse=True)
    assert placed[0]


def test_the_page_shows_an_earlier_case_of_the_clinic_and_leaves_a_trace(world: World, case: Case, browse) -> None:
    files = {"2025-01-02_7/upper.stl": upper_stl(2), "2025-01-02_7/lower.stl": lower_stl(2)}
    hand_over(world.ours, {"older.zip": zip_of(files)})
    earlier = Case.objects.exclude(pk=case.pk).get()
    address = reverse("admin:scans_pendingcase_viewer", args=[case.uuid])
    page = browse(world.owner).get(f"{address}?with={earlier.uuid}")
    assert page.context["scene"]["groups"] == ["new", "earlier"]
    for seen in (case, earlier):
        assert AuditEvent.objects.filter(verb="case.viewed", subject_uuid=seen.uuid, actor=world.owner).exists()


@pytest.mark.parametrize("name", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_earlier_case_that_is_not_there_is_not_found(world: World, case: Case, browse, name: str) -> None:
    address = reverse("admin:scans_pendingcase_viewer", args=[case.uuid])
    assert browse(world.owner).get(f"{address}?with={name}").status_code == 404


def test_another_clinic_s_case_is_shown_beside_nothing(world: World, case: Case, browse) -> None:
    hand_over(world.theirs, itero_zip("77", "Boone, Carl", seed=2))
    theirs = Case.objects.exclude(pk=case.pk).get()
    address = reverse("admin:scans_pendingcase_viewer", args=[case.uuid])
    assert browse(world.owner).get(f"{address}?with={theirs.uuid}").status_code == 404
    assert browse(world.stranger).get(address).status_code == 404
