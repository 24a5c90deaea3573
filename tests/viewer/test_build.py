"""The viewer that is committed is the one that its source makes: whoever installs Archway needs no Node for it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config.settings import BASE_DIR

SOURCE = BASE_DIR / "scans" / "viewer"
BUNDLE = BASE_DIR / "scans" / "static" / "scans" / "viewer.js"


def test_the_bundle_is_what_its_source_makes(tmp_path: Path) -> None:
    if not (shutil.which("node") and (SOURCE / "node_modules").is_dir()):
        message = "the viewer's tools are not installed: make viewer"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    made = tmp_path / "viewer.js"
    subprocess.run(["node", "build.mjs", str(made)], cwd=SOURCE, check=True, timeout=120)
    assert made.read_bytes() == BUNDLE.read_bytes()


def test_the_bundle_carries_the_licences_of_what_is_in_it() -> None:
    head = BUNDLE.read_text(encoding="utf-8")[:4_000]
    assert head.startswith("/*!")
    assert head.count("Permission is hereby granted") == 2
    assert "three.js authors" in head
    assert "Arseny Kapoulkine" in head


def test_the_bundle_needs_nothing_that_the_page_s_policy_forbids() -> None:
    code = BUNDLE.read_text(encoding="utf-8")
    for forbidden in ("new Function(", "eval(", "WebAssembly.instantiate"):
        assert forbidden not in code


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in (SOURCE / "package-lock.json").read_text(encoding="utf-8")
