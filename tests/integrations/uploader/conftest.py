"""A scanner's PC: a folder, a token file, a clock that waiting turns, and a server that answers as it was told."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from integrations.uploader.__main__ import main
from tests.integrations.threeshape.watched import Clock


class Stop(threading.Event):
    """Waiting takes no time: the clock goes on, and `meanwhile` happens."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        self._clock.on(timeout or 0)
        self.meanwhile()
        return self.is_set()


@dataclass
class ScannerPC:
    folder: Path
    token_file: Path
    clock: Clock = field(default_factory=Clock)
    stop: Stop = field(init=False)

    def __post_init__(self) -> None:
        self.stop = Stop(self.clock)

    def upload(self, url: str, *more: str) -> int:
        arguments = [str(self.folder), "--url", url, "--token-file", str(self.token_file), "--once", *more]
        return main(arguments, stop=self.stop, now=self.clock)

    def names(self, folder: str = "") -> list[str]:
        place = self.folder / folder
        return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


@pytest.fixture
def pc(tmp_path: Path) -> ScannerPC:
    (tmp_path / "exports").mkdir()
    (tmp_path / "token").write_text("a-token\n", encoding="ascii")
    return ScannerPC(tmp_path / "exports", tmp_path / "token")


@dataclass
class Scripted:
    """Answers one after the other, the last one for ever; keeps what was asked."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], object]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, status: int, body: object = None, **headers: str) -> None:
        self.answers.append((status, {name.replace("_", "-"): text for name, text in headers.items()}, body))


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.asked.append((self.command, self.path, dict(self.headers), content))
            status, headers, body = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, text in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        script.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield script
        server.shutdown()
        thread.join()
