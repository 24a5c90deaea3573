"""All that the cloud knows while it runs, and what happens in it by itself."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app

from integrations.sandbox import state
from integrations.sandbox.artefacts import Artefacts
from integrations.sandbox.callbacks import Callbacks
from integrations.sandbox.faults import Faults
from integrations.sandbox.options import MOST_ORDERS, Options
from integrations.sandbox.orders import Order, OrderBook, Status
from integrations.sandbox.tokens import TokenStore

EXTENSION = "itero_sandbox"


class Cloud:
    """calls: how often each operation was asked for. sent_bytes: of scans, so far."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.tokens = TokenStore()
        self.orders = OrderBook(options.orders)
        self.artefacts = Artefacts(options.faces)
        self.callbacks = Callbacks()
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.sent_bytes = 0
        self._counting = threading.Lock()
        self._saving = threading.Lock()
        self._stop = threading.Event()
        self._clock = threading.Thread(target=self._run_clock, name="itero-sandbox-clock", daemon=True)
        self._load()

    def start(self) -> None:
        self.callbacks.start()
        self._clock.start()

    def stop(self) -> None:
        self._stop.set()
        self._clock.join()
        self.callbacks.stop()

    def count(self, operation: str) -> None:
        with self._counting:
            self.calls[operation] += 1

    def counted(self, parts: Iterable[Any]) -> Iterator[Any]:
        for part in parts:
            with self._counting:
                self.sent_bytes += len(part)
            yield part

    def save(self) -> None:
        """After every change, when there is a folder for it."""
        if not self.options.state_folder:
            return
        with self._saving:
            told = {"target": state.of_target(self.callbacks.target)}
            orders = state.of_orders(self.orders, self.artefacts)
            state.write(Path(self.options.state_folder), {**orders, **state.of_tokens(self.tokens), **told})

    def _load(self) -> None:
        kept = state.read(Path(self.options.state_folder)) if self.options.state_folder else None
        if kept is None:
            return
        state.to_orders(kept, self.orders, self.artefacts)
        state.to_tokens(kept, self.tokens)
        self.callbacks.target = state.to_target(kept["target"])

    def new_order(self, **given: Any) -> Order:
        order = self.orders.add(**given)
        if order.status is Status.READY:
            self.callbacks.notify(order.rx_id)
        return order

    def rescan(
        self, rx_id: str, content: bytes | None = None, *, at: datetime | None = None, is_silent: bool = False
    ) -> Order:
        order = self.orders.rescan(rx_id, content, at=at)
        if order.status is Status.READY and not is_silent:
            self.callbacks.notify(rx_id)
        return order

    def complete(self, rx_id: str) -> Order:
        """All artefacts are there: the order is Ready, and who asked to be told is told."""
        order = self.orders.set_status(rx_id, Status.READY)
        self.callbacks.notify(rx_id)
        return order

    def _run_clock(self) -> None:
        """Builds the first zips before anybody asks, then makes an order from time to time, pushed ones first."""
        for order in self.orders.all():
            if self._stop.is_set():
                return
            self.artefacts.facts(order)
        self.save()
        if not self.options.new_every_s:
            return
        while not self._stop.wait(self.options.new_every_s):
            if len(self.orders) < MOST_ORDERS:
                waiting = self.orders.pushed()
                order = self.new_order(rx_id=waiting[0].rx_id if waiting else "")
                self.artefacts.facts(order)
                self.save()


def cloud() -> Cloud:
    """The cloud of the request at hand."""
    found: Cloud = current_app.extensions[EXTENSION]
    return found
