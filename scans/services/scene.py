"""What the 3D viewer shows of a case: its scans, where each lies in the upper jaw's frame, and what was found where."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from scans.models import BiteLink, Case, Occlusion, Scan
from scans.said import said
from scans.scopes import ADMIN, CAPTURE, allows

Matrix = NDArray[np.float64]
HERE = np.eye(4)
ROLE_OF: dict[str, str] = {
    Scan.Categories.UPPER: "upper",
    Scan.Categories.LOWER: "lower",
    Scan.Categories.BITE: "bite",
    Scan.Categories.OTHER: "other",
}
NEW, EARLIER = "new", "earlier"


def scene_of(case: Case, user: User | AnonymousUser, *, earlier: Case | None = None) -> dict[str, Any]:
    """For the browser, as JSON: the parts of the case, and beside them those of an earlier case of the patient.

    A transform takes a file's millimetres into the frame of its case's upper jaw: 16 numbers, row by row.
    `place_known` is False where nothing says how the part lies to the upper; the transform is the identity then.
    """
    parts = _parts(case, NEW)
    if earlier is not None:
        parts += _parts(earlier, EARLIER)
    return {
        "case": str(case.uuid),
        "parts": parts,
        "findings": _numbered(parts),
        "groups": sorted({part["group"] for part in parts}, reverse=True),
        "place_known": all(part["place_known"] for part in parts),
        "may_save": allows(user, CAPTURE),
        "may_delete_all": allows(user, ADMIN),
        "user": user.get_username(),
    }


def _parts(case: Case, group: str) -> list[dict[str, Any]]:
    occlusion = Occlusion.objects.filter(case=case).select_related("upper", "lower").first()
    links = {link.bite_id: link for link in case.bite_links.all()}
    scans = list(case.scans.usable().exclude(preview=""))
    order = list(ROLE_OF.values())
    scans.sort(key=lambda scan: (order.index(ROLE_OF[scan.category]), scan.position or 0, scan.pk))
    main = _first_of_each(scans, occlusion)
    labels = _labels(scans, group)
    return [
        {**_part(scan, _place(scan, occlusion, links.get(scan.pk)), scan.pk in main), "group": group, "label": label}
        for scan, label in zip(scans, labels, strict=True)
    ]


def _first_of_each(scans: Iterable[Scan], occlusion: Occlusion | None) -> set[int]:
    """The jaws that are meant: those whose relation is known, else the first upper and the first lower."""
    meant = {} if occlusion is None else {"upper": occlusion.upper_id, "lower": occlusion.lower_id}
    found = {role: pk for role, pk in meant.items() if pk}
    for scan in scans:
        found.setdefault(ROLE_OF[scan.category], scan.pk)
    return set(found.values())


def _part(scan: Scan, place: Matrix | None, is_main: bool) -> dict[str, Any]:
    address = reverse("imaging:preview", args=[scan.uuid])
    role = ROLE_OF[scan.category]
    return {
        "uuid": str(scan.uuid),
        "role": role,
        "is_main": is_main,
        "is_shown": is_main or role == "bite",
        "small": f"{address}?level=small",
        "full": f"{address}?level=full" if scan.detail else "",
        "views": reverse("imaging:views", args=[scan.uuid]),
        "measurements": reverse("imaging:measurements", args=[scan.uuid]),
        "face_count": scan.face_count,
        "transform": [float(number) for number in (HERE if place is None else place).reshape(-1)],
        "place_known": place is not None,
        "findings": _findings(scan),
    }


def _labels(scans: Sequence[Scan], group: str) -> list[str]:
    """What each is; those that would read alike are numbered."""
    kinds = [_kind(scan) for scan in scans]
    numbered = [
        f"{kind} {kinds[:at].count(kind) + 1}" if kinds.count(kind) > 1 else kind for at, kind in enumerate(kinds)
    ]
    return [_("%(scan)s (earlier)") % {"scan": kind} if group == EARLIER else kind for kind in numbered]


def _kind(scan: Scan) -> str:
    kind = str(scan.get_category_display())
    if scan.role not in {"arch", "bite", "unknown", ""}:
        kind = f"{kind}, {scan.get_role_display()}"
    if scan.category == Scan.Categories.BITE and scan.side:
        kind = f"{kind} {scan.get_side_display()}"
    return kind[:1].upper() + kind[1:]


def _numbered(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings of all parts, in one list: those with a place first, numbered as their pins are."""
    found = [
        {"scan": part["uuid"], "label": part["label"], **finding} for part in parts for finding in part["findings"]
    ]
    found.sort(key=lambda finding: not finding["place"])
    return [
        {**finding, "place": ",".join(map(str, finding["place"] or ())), "pin": at, "number": at + 1}
        for at, finding in enumerate(found)
    ]


def _findings(scan: Scan) -> list[dict[str, Any]]:
    return [
        {
            "code": finding["code"],
            "severity": finding["severity"],
            "message": said(finding["message"]),
            "place": finding.get("data", {}).get("place"),
        }
        for finding in scan.findings
        if finding["severity"] != "info" or finding.get("data", {}).get("place")
    ]


def _place(scan: Scan, occlusion: Occlusion | None, link: BiteLink | None) -> Matrix | None:
    """Where a scan's file lies in the upper's frame, None where nobody knows."""
    if scan.category == Scan.Categories.UPPER:
        return HERE
    known = occlusion is not None and occlusion.is_known
    lower_to_upper = _matrix(occlusion.lower_to_upper) if occlusion is not None and known else None
    if scan.category == Scan.Categories.LOWER:
        is_meant = occlusion is not None and occlusion.lower_id in {None, scan.pk}
        return lower_to_upper if is_meant else None
    return None if link is None else _place_of_bite(link, lower_to_upper)


def _place_of_bite(link: BiteLink, lower_to_upper: Matrix | None) -> Matrix | None:
    """A link takes the arches into the bite: the other way round is what is asked."""
    upper_to_bite, lower_to_bite = _matrix(link.upper_transform), _matrix(link.lower_transform)
    if upper_to_bite is not None:
        return _inverse(upper_to_bite)
    if lower_to_bite is None or lower_to_upper is None:
        return None
    place: Matrix = lower_to_upper @ _inverse(lower_to_bite)
    return place


def _matrix(numbers: list[float] | None) -> Matrix | None:
    return None if not numbers else np.array(numbers, dtype=np.float64).reshape(4, 4)


def _inverse(matrix: Matrix) -> Matrix:
    """Of a rigid motion: transposed turn, shift turned back."""
    turn = matrix[:3, :3].T
    inverse = np.eye(4)
    inverse[:3, :3], inverse[:3, 3] = turn, -turn @ matrix[:3, 3]
    return inverse
