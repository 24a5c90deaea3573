"""A real browser against a real server. Under CI a missing browser is a failure, never a silent skip."""

import os
import shutil
from typing import Any

import pytest

BROWSER = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # 3D without a graphics card.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]

# Playwright drives the browser from an event loop of its own; Django must not take that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if BROWSER is None:
        message = "no Chromium on this machine: apt-get install chromium-headless-shell"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return {**browser_type_launch_args, "executable_path": BROWSER, "args": ARGUMENTS}


@pytest.fixture(autouse=True)
def quiet_page(page: Any) -> Any:
    """No page may say anything on the console: a CSP report would stand there."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []
