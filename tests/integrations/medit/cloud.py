"""A stand-in for Medit Link on loopback, with what is public of it: group, cases by time, files, links to a storage.

Written from the notes on the vendor, not from our connector: paths and fields stand here once more.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.integrations.contract.faults import RETRY_AFTER_S, Fault

GROUP, CLIENT_ID, CLIENT_SECRET = "group-77", "our-client", "secret-of-our-client"
SIGNATURE = "signature-of-the-storage"


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: str = ""


@dataclass
class MeditCloud:
    """files: contents by uuid. refresh: tokens that may still be used once."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {"token-1"})
    refresh: set[str] = field(default_factory=set)
    faults: set[Fault] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    sent_bytes: int = 0
    address: str = ""

    def put(self, case: str, changed: int, patient: dict[str, str], files: dict[str, tuple[str, bytes]]) -> None:
        """files: name and content by uuid."""
        listed = [{"uuid": uuid, "name": name} for uuid, (name, _) in files.items()]
        self.files |= {uuid: content for uuid, (_, content) in files.items()}
        self.cases[case] = {"uuid": case, "dateUpdated": changed, "patient": patient, "files": listed}

    def take(self, fault: Fault) -> bool:
        """Whether a fault of one time is due; afterwards it is not."""
        is_due = fault in self.faults
        self.faults.discard(fault)
        return is_due


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cloud: MeditCloud

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._note(body)
        said = {name: values[0] for name, values in parse_qs(body).items()}
        given = said.get("code") or said.get("refresh_token", "")
        if urlsplit(self.path).path != "/oauth/token" or given not in self.cloud.refresh:
            self._json({"error": "invalid_grant"}, 400)
            return
        number = len(self.cloud.tokens) + 1
        self.cloud.refresh = {f"refresh-{number}"}
        self.cloud.tokens.add(f"token-{number}")
        self._json({"access_token": f"token-{number}", "refresh_token": f"refresh-{number}", "expires_in": 3600})

    def do_GET(self) -> None:
        self._note()
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path.strip("/").split("/"):
            case ["storage", uuid] if asked.get("sig") == SIGNATURE:
                self._stored(self.cloud.files[uuid])
            case ["v1", *rest] if not self._fails():
                self._answer(rest, asked)
            case ["v1", *_]:
                pass
            case _:
                self._json({}, 404)

    def _note(self, body: str = "") -> None:
        self.cloud.requests.append(Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body))

    def _fails(self) -> bool:
        """Answers, when something is wrong with the call or is to be."""
        faults, token = self.cloud.faults, self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.cloud.tokens or Fault.UNAUTHORISED in faults:
            self._json({"message": "who are you"}, 401)
        elif self.headers.get("x-meditlink-client-id") != CLIENT_ID:
            self._json({"message": "no client"}, 403)
        elif Fault.TOO_MANY in faults:
            self._send(b"", 429, {"Retry-After": str(RETRY_AFTER_S)})
        elif Fault.BROKEN in faults:
            self._send(b"Zephyrine Quillfeather", 500)
        elif Fault.NO_JSON in faults:
            self._send(b"<html>Zephyrine Quillfeather</html>", 200)
        else:
            return False
        return True

    def _answer(self, path: list[str], asked: dict[str, str]) -> None:
        is_ours = self.headers.get("x-meditlink-group-uuid") == GROUP
        match path:
            case ["me"]:
                self._json({"uuid": "user-1", "group": {"uuid": GROUP, "name": "Practice on the Hill"}})
            case ["cases", "search"] if is_ours:
                self._json(self._page(asked))
            case ["cases", uuid] if is_ours and uuid in self.cloud.cases:
                self._json(self.cloud.cases[uuid])
            case ["files", uuid] if is_ours and uuid in self.cloud.files and asked.get("type") == "stl":
                link = f"{self.cloud.address}/storage/{uuid}?sig={SIGNATURE}"
                self._json({"uuid": uuid, "url": link, "downloadFileName": f"{uuid}.7z"})
            case _:
                self._json({"message": "nothing here"}, 404)

    def _page(self, asked: dict[str, str]) -> dict[str, Any]:
        start, end, size = int(asked["start"]), int(asked["end"]), int(asked["size"])
        page = 0 if Fault.PAGE_LOOP in self.cloud.faults else int(asked["page"])
        found = [case for case in self.cloud.cases.values() if start <= case["dateUpdated"] <= end]
        content = sorted(found, key=lambda case: case["dateUpdated"])[page * size : (page + 1) * size]
        return {"content": content, "numberOfElements": len(content)}

    def _stored(self, content: bytes) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if self.cloud.take(Fault.WRONG_BYTES):
            content = content[:-1] + bytes([content[-1] ^ 0xFF])
        if start >= len(content):
            self._send(b"", 416)
            return
        part = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(part)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.cloud.take(Fault.CUT):
            part = part[: len(part) // 2]
            self.close_connection = True
        self.wfile.write(part)
        self.cloud.sent_bytes += len(part)

    def _json(self, answer: Any, status: int = 200) -> None:
        self._send(json.dumps(answer).encode(), status)

    def _send(self, body: bytes, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[MeditCloud]:
    """On a port of this machine, until the block ends."""
    cloud = MeditCloud()
    handler = type("Handler", (_Handler,), {"cloud": cloud})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        cloud.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield cloud
        finally:
            server.shutdown()
            thread.join()
