"""The demonstration clinic's post: made-up exports, one for every way a case can go."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from scans.classification.verdict import Arch, Side
from scans.meshes.mesh import Mesh
from scans.synthetic import exports
from scans.synthetic.arch import make_arch
from scans.synthetic.bite import make_bite
from scans.synthetic.exports import Files, Order
from scans.synthetic.people import BY_CHART, Person

ARCH_FACES = 24_000
BITE_SHARE = 3
"""A bite scan shows about a third of what an arch does."""


class Expectation(StrEnum):
    """What a person should see become of the case."""

    FILED = "filed"
    NO_SUCH_PATIENT = "no_such_patient"
    NAMESAKES = "namesakes"
    BIRTH_DATE_CONFLICT = "birth_date_conflict"
    FILE_REJECTED = "file_rejected"
    TEST_PATIENT = "test_patient"


@dataclass(frozen=True, slots=True)
class DemoExport:
    """`build` gives the files (slow: it grows the jaws); `zip_bytes` packs them as they would be uploaded.

    chart_number: whom the case belongs to in truth; "" where it belongs to nobody of the clinic.
    """

    label: str
    file_name: str
    expectation: Expectation
    build: Callable[[], Files]
    chart_number: str = ""

    def zip_bytes(self) -> bytes:
        return exports.as_zip(self.build())


def demo_cases(seed: int = 0, *, faces: int = ARCH_FACES, until: datetime | None = None) -> list[DemoExport]:
    """Nine exports of the days before `until`. Another seed grows other jaws for the same people."""
    end = until or datetime(2026, 3, 20, 16, 30, tzinfo=UTC)
    clinic = _Clinic(seed, faces, end)
    return [
        clinic.itero_with_chart(),
        clinic.exocad_with_birth_date(),
        clinic.trios_of_a_stranger(),
        clinic.medit_of_namesakes(),
        clinic.exocad_with_another_birth_date(),
        clinic.trios_with_a_truncated_file(),
        clinic.itero_test_patient(),
        clinic.itero_without_palate(),
        clinic.trios_order_with_gaps(),
    ]


@dataclass(frozen=True, slots=True)
class _Clinic:
    seed: int
    faces: int
    end: datetime

    def itero_with_chart(self) -> DemoExport:
        order = self._order(BY_CHART["A-1001"], "30184417", days=1)

        def build() -> Files:
            return exports.itero_export(replace(order, arches=self._arches(order)), version="5.0")

        name = f"OrthoCAD_Export_{order.order_id}.zip"
        return DemoExport("iTero, name and chart number", name, Expectation.FILED, build, order.chart_number)

    def exocad_with_birth_date(self) -> DemoExport:
        order = replace(
            self._order(BY_CHART["A-1010"], "7f0c2b1e-5a51-4c1f-9d0e-3b8f6a2d9e10", days=2), chart_number=""
        )

        def build() -> Files:
            bites = tuple(self._bite("A-1010", side) for side in (Side.RIGHT, Side.LEFT))
            return exports.exocad_export(replace(order, arches=self._arches(order, "A-1010"), bites=bites))

        name = f"{order.day}_Raghunathan_exo.zip"
        return DemoExport("exocad, birth date and two bites", name, Expectation.FILED, build, "A-1010")

    def trios_of_a_stranger(self) -> DemoExport:
        order = Order("", self._time(2), "Bartholomew", "Quennell")

        def build() -> Files:
            bites = (make_bite(self.seed + 77, faces=self.faces // BITE_SHARE),)
            return exports.trios_export(
                replace(order, arches=self._jaws(77), bites=bites), prefix="Bartholomew Quennell "
            )

        return DemoExport("TRIOS, nobody of that name", "Quennell.zip", Expectation.NO_SUCH_PATIENT, build)

    def medit_of_namesakes(self) -> DemoExport:
        order = replace(self._order(BY_CHART["A-1005"], "", days=3), birth_date=None, chart_number="")

        def build() -> Files:
            bites = (self._bite("A-1005", Side.RIGHT),)
            return exports.medit_export(replace(order, arches=self._arches(order, "A-1005"), bites=bites))

        name = f"{order.day}-{order.full_name}'s Case.zip"
        return DemoExport("Medit, two people of one name", name, Expectation.NAMESAKES, build, "A-1005")

    def exocad_with_another_birth_date(self) -> DemoExport:
        order = self._order(BY_CHART["A-1013"], "c4a7e9d2-0b3f-4e6a-8c15-92d7f1b05a3c", days=4)
        order = replace(order, birth_date=date(1951, 4, 23), chart_number="")

        def build() -> Files:
            return exports.exocad_export(replace(order, arches=self._jaws(78)))

        name = f"{order.day}_Feldbacher_exo.zip"
        return DemoExport("exocad, birth date of another person", name, Expectation.BIRTH_DATE_CONFLICT, build)

    def trios_with_a_truncated_file(self) -> DemoExport:
        order = self._order(BY_CHART["A-1018"], "", days=5)

        def build() -> Files:
            files = exports.trios_export(replace(order, arches=self._arches(order)), prefix="Thabo Dlamini ")
            lower = next(path for path in files if "LowerJaw" in path)
            return files | {lower: files[lower][: len(files[lower]) * 2 // 3]}

        label = "TRIOS, the lower jaw was cut off on its way"
        return DemoExport(label, "Dlamini.zip", Expectation.FILE_REJECTED, build, order.chart_number)

    def itero_test_patient(self) -> DemoExport:
        order = Order("30184502", self._time(6), "Patient", "Test")

        def build() -> Files:
            return exports.itero_export(replace(order, arches=self._jaws(79)), version="5.0")

        name = f"iTero_Export_{order.order_id}.zip"
        return DemoExport("iTero, a test patient", name, Expectation.TEST_PATIENT, build)

    def itero_without_palate(self) -> DemoExport:
        order = self._order(BY_CHART["A-1026"], "30184533", days=7)

        def build() -> Files:
            return exports.itero_export(replace(order, arches=self._arches(order, palate=False)), version="2.4")

        name = f"OrthoCAD_Export_{order.order_id}.zip"
        return DemoExport("iTero, upper jaw without palate", name, Expectation.FILED, build, order.chart_number)

    def trios_order_with_gaps(self) -> DemoExport:
        order = self._order(BY_CHART["A-1007"], "20260311_0912_Archway_7", days=9)

        def build() -> Files:
            arches = self._arches(order, missing=(16, 25, 36, 46))
            return exports.trios_order(replace(order, arches=arches, bites=(self._bite("A-1007", Side.LEFT),)))

        return DemoExport(
            "TRIOS order, missing teeth", f"{order.order_id}.zip", Expectation.FILED, build, order.chart_number
        )

    def _time(self, days: int) -> datetime:
        return self.end - timedelta(days=days, minutes=37 * days)

    def _order(self, person: Person, order_id: str, *, days: int) -> Order:
        return Order(
            order_id, self._time(days), person.first_name, person.last_name, person.birth_date, person.chart_number
        )

    def _arches(
        self, order: Order, chart: str = "", *, palate: bool = True, missing: tuple[int, ...] = ()
    ) -> dict[Arch, Mesh]:
        return self._jaws(BY_CHART[chart or order.chart_number].seed, palate=palate, missing=missing)

    def _jaws(self, person: int, *, palate: bool = True, missing: tuple[int, ...] = ()) -> dict[Arch, Mesh]:
        return {
            arch: make_arch(arch, seed=self.seed + person, faces=self.faces, palate=palate, missing=missing)
            for arch in (Arch.UPPER, Arch.LOWER)
        }

    def _bite(self, chart: str, side: Side) -> Mesh:
        return make_bite(self.seed + BY_CHART[chart].seed, side=side, faces=self.faces // BITE_SHARE)
