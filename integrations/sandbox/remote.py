"""The sandbox seen from outside: its control address, and the doctor who logs in and says yes."""

import base64
import html
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from integrations.sandbox.options import PASSWORD, USER_NAME, Options

TIMEOUT_S = 60


class Sandbox:
    """A running one, in this process or in another. Also the general base address for a partner: `address`."""

    def __init__(self, address: str, options: Options) -> None:
        self.address = address
        self.options = options

    def fault(self, fault: str, operation: str, *, times: int | None = 1, skip: int = 0, **parameters: Any) -> None:
        """`times`: None for until cleared; `skip`: so many calls pass before it strikes."""
        asked = {"fault": fault, "operation": operation, "times": times, "skip": skip, **parameters}
        self._asked("POST", "faults", asked)

    def clear_faults(self) -> None:
        self._asked("DELETE", "faults")

    def calls(self) -> dict[str, int]:
        """How often each operation was asked for since the start or `forget_calls`."""
        found: dict[str, int] = self._asked("GET", "calls")
        return found

    def sent_bytes(self) -> int:
        """Of scans, since the start."""
        return int(self._asked("GET", "sent-bytes"))

    def forget_calls(self) -> None:
        self._asked("DELETE", "calls")

    def add_order(self, patient: dict[str, str] | None = None, *, content: bytes | None = None, **more: Any) -> str:
        """Its rxId. patient: firstName, lastName, chartNumber; more: rxId, status, accountId, updatedAt, silent."""
        return str(self._asked("POST", "orders", {"patient": patient, **_packed(content), **more})["rxId"])

    def rescan(self, rx_id: str, content: bytes | None = None, **more: Any) -> None:
        """more: updatedAt, silent."""
        self._asked("POST", f"orders/{rx_id}/rescan", {**_packed(content), **more})

    def spoil(self, rx_id: str) -> None:
        self._asked("POST", f"orders/{rx_id}/spoil", {})

    def remove(self, rx_id: str) -> None:
        self._asked("DELETE", f"orders/{rx_id}")

    def complete(self, rx_id: str) -> None:
        self._asked("POST", f"orders/{rx_id}/complete", {})

    def notify(self, rx_id: str, *, times: int = 1, forged: bool = False, age_s: int = 0) -> str:
        """The event's id; the same event is sent `times` over."""
        asked = {"times": times, "forged": forged, "ageS": age_s}
        return str(self._asked("POST", f"orders/{rx_id}/notify", asked)["eventId"])

    def orders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._asked("GET", "orders")
        return found

    def callbacks(self) -> list[dict[str, Any]]:
        """What was sent and how it was answered; waits until nothing is under way."""
        found: list[dict[str, Any]] = self._asked("GET", "callbacks")
        return found

    def pushed(self) -> list[dict[str, Any]]:
        """Prescriptions that wait for their scan."""
        found: list[dict[str, Any]] = self._asked("GET", "scan-requests")
        return found

    def expire_tokens(self) -> None:
        self._asked("POST", "tokens/expire")

    def revoke_grants(self) -> None:
        self._asked("POST", "tokens/revoke")

    def approve(self, authorization_url: str, *, answer: str = "yes") -> str:
        """What a doctor does in a browser: log in, look, answer. Where the browser is sent to then."""
        browser = _Browser()
        page = browser.get(authorization_url)
        page = browser.post(_form_in(page.text, page.address), {"user": USER_NAME, "password": PASSWORD})
        fields = {"form": _hidden_in(page.text, "form"), "answer": answer}
        return browser.post(_form_in(page.text, page.address), fields).address

    def _asked(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - our own sandbox
            f"{self.address}/_sandbox/{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            return json.loads(answer.read() or b"null")


def _packed(content: bytes | None) -> dict[str, str]:
    return {} if content is None else {"zip": base64.b64encode(content).decode()}


class _Page:
    def __init__(self, address: str, text: str) -> None:
        self.address = address
        self.text = text


class _Browser:
    """Keeps cookies and follows redirects as far as this sandbox goes: where it is sent elsewhere it only looks."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar, _Stay)

    def get(self, address: str) -> _Page:
        return self._opened(urllib.request.Request(address))  # noqa: S310 - our own sandbox

    def post(self, address: str, fields: dict[str, str]) -> _Page:
        return self._opened(urllib.request.Request(address, urllib.parse.urlencode(fields).encode()))  # noqa: S310

    def _opened(self, request: urllib.request.Request) -> _Page:
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                page = _Page(answer.url, answer.read().decode())
        except _SentElsewhere as elsewhere:
            page = _Page(elsewhere.address, "")
        return page


class _SentElsewhere(Exception):
    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: urllib.request.Request, *rest: Any) -> urllib.request.Request | None:
        address = str(rest[-1])
        if urllib.parse.urlsplit(address).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            rest[0].close()
            raise _SentElsewhere(address)
        return super().redirect_request(req, *rest)


def _form_in(page: str, address: str) -> str:
    found = re.search(r'<form method="post" action="([^"]+)"', page)
    if found is None:
        raise LookupError("The sandbox shows another page than the one expected.")
    return urllib.parse.urljoin(address, html.unescape(str(found[1])))


def _hidden_in(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    if found is None:
        raise LookupError("The sandbox shows another page than the one expected.")
    return str(found[1])
