"""Processes of our own: started together, watched together, ended in order with everything they started."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import TypeAlias

START_LIMIT_S = 60
STOP_LIMIT_S = 15

Child: TypeAlias = "subprocess.Popen[bytes]"


class DidNotStart(Exception):
    """With a sentence for the person at the terminal."""


def start(environment: Mapping[str, str], module: str, *arguments: str) -> Child:
    """`python -m module`, in a session of its own: Ctrl-C reaches the parent alone, which then ends it in order."""
    return subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", module, *arguments], env=with_settings(environment), start_new_session=True
    )


def run(environment: Mapping[str, str], module: str, *arguments: str) -> int:
    """As `start`, to its end; the exit code."""
    return start(environment, module, *arguments).wait()


def with_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "config.settings", **os.environ, **environment}


def answers_in_time(address: str, children: Sequence[Child], stop: threading.Event) -> bool:
    """True once the server answers, False when it is to stop before that. Raises DidNotStart."""
    deadline = time.monotonic() + START_LIMIT_S
    while not stop.wait(0.2):
        if any(child.poll() is not None for child in children):
            raise DidNotStart("The web server or the worker ended at once; is the port free?")
        if time.monotonic() > deadline:
            raise DidNotStart(f"The web server did not answer within {START_LIMIT_S} seconds.")
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own address
            return True
    return False


def wait(children: Sequence[Child], stop: threading.Event) -> None:
    """Until Ctrl-C, or until one of them ends by itself."""
    while all(child.poll() is None for child in children) and not stop.wait(0.5):
        pass


def end(children: Sequence[Child]) -> None:
    """Every child with all that it started."""
    for child in children:
        child.terminate()
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=STOP_LIMIT_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
