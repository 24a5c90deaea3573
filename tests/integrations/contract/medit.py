"""Medit Link under the contract suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from integrations.connectors.access import Access
from integrations.connectors.base import Connector
from integrations.connectors.medit.connector import MeditConnector
from integrations.connectors.medit.profile import DEFAULT
from tests.integrations.contract.faults import CALLS, CLOUD, DOWNLOADS, Fault
from tests.integrations.contract.harness import PATIENT
from tests.integrations.medit import cloud as medit

PAGE = 2


class MeditHarness:
    can = CLOUD | CALLS | DOWNLOADS | {Fault.PAGE_LOOP}
    secrets = ("token-1", "token-2", medit.CLIENT_SECRET, medit.SIGNATURE)

    def __init__(self, cloud: medit.MeditCloud) -> None:
        self._cloud = cloud

    @property
    def sent_bytes(self) -> int:
        return self._cloud.sent_bytes

    def connector(self) -> Connector:
        host = self._cloud.address.removeprefix("http://")
        access = Access((host,), self._cloud.address, medit.GROUP, medit.CLIENT_ID, self._token)
        return MeditConnector(access, replace(DEFAULT, page_size=PAGE))

    def put(self, order_id: str, changed_at: datetime, content: bytes) -> None:
        name = f"{PATIENT}-UpperJawScan.stl.general.meditMesh"
        moment = int(changed_at.timestamp() * 1000)
        files = {f"file-of-{order_id}-{len(self._cloud.files)}": (name, content)}
        self._cloud.put(order_id, moment, {"name": PATIENT, "code": "A-77"}, files)

    def take_away(self, order_id: str) -> None:
        del self._cloud.cases[order_id]

    def spoil(self, order_id: str) -> None:
        self._cloud.cases[order_id]["files"] = PATIENT

    def do(self, fault: Fault) -> None:
        if fault is Fault.EXPIRED:
            self._cloud.tokens = {"token-2"}
        else:
            self._cloud.faults.add(fault)

    def do_no_wrong(self) -> None:
        self._cloud.faults.clear()

    @staticmethod
    def _token(rejected: str) -> str:
        return "token-2" if rejected == "token-1" else "token-1"


@contextmanager
def medit_harness() -> Iterator[MeditHarness]:
    with medit.running() as cloud:
        yield MeditHarness(cloud)
