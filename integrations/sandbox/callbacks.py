"""Telling the partner that a scan is complete: a signed POST, sent by a thread of its own."""

import contextlib
import hashlib
import hmac
import ipaddress
import json
import queue
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

TIMEOUT_S = 10
EVENT = "scan.ready"
SIGNATURE_HEADER = "X-Callback-Signature"
TIMESTAMP_HEADER = "X-Callback-Timestamp"


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent. is_forged: signed with another key. age_s: how old it says it is."""

    rx_id: str
    event_id: str
    is_forged: bool = False
    age_s: int = 0


class Callbacks:
    """`sent`: every attempt with the status it was answered with, 0 for none at all."""

    def __init__(self) -> None:
        self.target: Target | None = None
        self.sent: list[dict[str, Any]] = []
        self._waiting: queue.Queue[tuple[Target, Notice] | None] = queue.Queue()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="itero-sandbox-callbacks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is not sent yet stays unsent."""
        self._is_over.set()
        self._waiting.put(None)
        self._thread.join()

    def notify(self, rx_id: str, *, times: int = 1, is_forged: bool = False, age_s: int = 0) -> str:
        """The same event, `times` over. Its id; "" when nobody asked to be told."""
        if self.target is None:
            return ""
        notice = Notice(rx_id, str(uuid4()), is_forged, age_s)
        for _ in range(times):
            self._waiting.put((self.target, notice))
        return notice.event_id

    def wait(self) -> None:
        """Until all that was to be sent is sent."""
        self._waiting.join()

    def _work(self) -> None:
        while item := self._waiting.get():
            target, notice = item
            if not self._is_over.is_set():
                self.sent.append(_attempt(target, notice))
            self._waiting.task_done()
        self._waiting.task_done()


def is_loopback(url: str) -> bool:
    """The sandbox talks to this machine only."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    with contextlib.suppress(ValueError):
        return parts.scheme in ("http", "https") and ipaddress.ip_address(host).is_loopback
    return parts.scheme in ("http", "https") and host == "localhost"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _attempt(target: Target, notice: Notice) -> dict[str, Any]:
    return {"eventId": notice.event_id, "rxId": notice.rx_id, "status": _send(target, notice)}


def _send(target: Target, notice: Notice) -> int:
    body = json.dumps({"eventId": notice.event_id, "rxId": notice.rx_id, "event": EVENT}).encode()
    timestamp = str(int(time.time()) - notice.age_s)
    secret = f"not {target.secret}" if notice.is_forged else target.secret
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: signature(secret, timestamp, body),
    }
    request = urllib.request.Request(target.url, body, headers, method="POST")  # noqa: S310 - loopback, checked when set
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0
