"""The orders of the cloud's practices and the prescriptions that were pushed to it, in memory."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from integrations.sandbox.options import FIRST_ACCOUNT
from scans.synthetic.people import PEOPLE

FIRST_RX = 30_190_001
XML_VERSIONS = ("5.0", "3.0", "2.4")
BETWEEN_ORDERS = timedelta(hours=3)
STUDY_MODEL = "Study Model"


class Status(StrEnum):
    IN_PROGRESS = "InProgress"
    READY = "Ready"


@dataclass(frozen=True, slots=True)
class Patient:
    """As typed at the scanner. `seed` grows the jaws."""

    first_name: str
    last_name: str
    chart_number: str
    seed: int


@dataclass(frozen=True, slots=True)
class Order:
    """capture: changes with every new scan. content: a zip that was given from outside instead of built.

    is_spoiled: what is told of it is of no use, in a list and alone.
    """

    rx_id: str
    patient: Patient
    status: Status
    updated_at: datetime
    captured_at: datetime
    capture: int
    xml_version: str
    account_id: str = FIRST_ACCOUNT
    procedure: str = STUDY_MODEL
    content: bytes | None = field(default=None, repr=False)
    is_spoiled: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.rx_id, self.capture

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands in a list."""
        return self.updated_at, self.rx_id


@dataclass(frozen=True, slots=True)
class ScanRequest:
    rx_id: str
    patient: Patient
    procedure: str
    note: str
    account_id: str


class NoSuchOrder(Exception):
    pass


class OrderBook:
    """Safe between threads. Every change of an order is a new, later `updated_at`, unless another is given."""

    def __init__(self, first: int = 0) -> None:
        self._lock = threading.RLock()
        self._orders: dict[str, Order] = {}
        self._requests: dict[str, ScanRequest] = {}
        self._made = 0
        now = datetime.now(UTC)
        for number in range(first):
            self.add(at=now - BETWEEN_ORDERS * (first - number))

    def __len__(self) -> int:
        return len(self._orders)

    @property
    def made(self) -> int:
        """How many numbers are taken."""
        return self._made

    def fill(self, orders: Iterable[Order], requests: Iterable[ScanRequest], made: int) -> None:
        """In place of all that is there."""
        with self._lock:
            self._orders = {order.rx_id: order for order in orders}
            self._requests = {pushed.rx_id: pushed for pushed in requests}
            self._made = made

    def add(
        self,
        patient: Patient | None = None,
        *,
        rx_id: str = "",
        status: Status = Status.READY,
        content: bytes | None = None,
        at: datetime | None = None,
        account_id: str = FIRST_ACCOUNT,
    ) -> Order:
        """For a pushed prescription where `rx_id` is one's, else for `patient`, else for the next of our people."""
        with self._lock:
            number, now = self._next_number(), at or datetime.now(UTC)
            asked = self._requests.pop(rx_id, None)
            order = Order(
                rx_id or str(FIRST_RX + number),
                asked.patient if asked else patient or _next_person(number),
                status,
                now,
                now - timedelta(minutes=5),
                capture=number,
                xml_version=XML_VERSIONS[number % len(XML_VERSIONS)],
                account_id=asked.account_id if asked else account_id,
                procedure=asked.procedure if asked else STUDY_MODEL,
                content=content,
            )
            self._orders[order.rx_id] = order
            return order

    def rescan(self, rx_id: str, content: bytes | None = None, *, at: datetime | None = None) -> Order:
        """The same order with new scans."""
        with self._lock:
            now = at or datetime.now(UTC)
            return self._change(rx_id, at, capture=self._next_number(), captured_at=now, content=content)

    def spoil(self, rx_id: str) -> Order:
        with self._lock:
            return self._change(rx_id, self.get(rx_id).updated_at, is_spoiled=True)

    def remove(self, rx_id: str) -> Order:
        with self._lock:
            order = self.get(rx_id)
            del self._orders[rx_id]
            return order

    def set_status(self, rx_id: str, status: Status) -> Order:
        with self._lock:
            return self._change(rx_id, status=status)

    def get(self, rx_id: str) -> Order:
        order = self._orders.get(rx_id)
        if order is None:
            raise NoSuchOrder
        return order

    def all(self) -> list[Order]:
        """Oldest change first."""
        with self._lock:
            return sorted(self._orders.values(), key=lambda order: order.place)

    def push(self, patient: Patient, *, procedure: str, note: str, account_id: str) -> ScanRequest:
        with self._lock:
            rx_id = str(FIRST_RX + self._next_number())
            self._requests[rx_id] = ScanRequest(rx_id, patient, procedure, note, account_id)
            return self._requests[rx_id]

    def withdraw(self, rx_id: str) -> None:
        with self._lock:
            if self._requests.pop(rx_id, None) is None:
                raise NoSuchOrder

    def pushed(self) -> list[ScanRequest]:
        with self._lock:
            return list(self._requests.values())

    def _next_number(self) -> int:
        self._made += 1
        return self._made - 1

    def _change(self, rx_id: str, at: datetime | None = None, **values: object) -> Order:
        order = self.get(rx_id)
        now = at or max(datetime.now(UTC), order.updated_at + timedelta(microseconds=1))
        self._orders[rx_id] = replace(order, updated_at=now, **values)  # type: ignore[arg-type]
        return self._orders[rx_id]


def patient_of(first_name: str, last_name: str, chart_number: str) -> Patient:
    """One of our people keeps the own jaws; anybody else's grow from the name."""
    seeds: Iterable[int] = (
        person.seed
        for person in PEOPLE
        if (person.last_name, person.chart_number) == (last_name, chart_number or person.chart_number)
    )
    own = int.from_bytes(sha256(f"{first_name}|{last_name}".encode()).digest()[:3], "big")
    return Patient(first_name, last_name, chart_number, next(iter(seeds), own))


def _next_person(number: int) -> Patient:
    person = PEOPLE[number % len(PEOPLE)]
    return Patient(person.first_name, person.last_name, person.chart_number, person.seed)
