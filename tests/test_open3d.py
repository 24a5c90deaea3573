"""Open3D must import where its system libraries are; nothing else may need it."""

import os
import subprocess
import sys

import pytest


def test_open3d_can_be_imported() -> None:
    answer = subprocess.run([sys.executable, "-c", "import open3d"], capture_output=True, text=True, check=False)
    if answer.returncode and os.environ.get("CI") != "true":
        pytest.skip("Open3D's system libraries are missing: apt-get install libegl1 libgl1 libusb-1.0-0")
    assert answer.returncode == 0, answer.stderr[-500:]


def test_neither_the_web_process_nor_the_reader_imports_it() -> None:
    code = (
        "import sys, config.wsgi, scans.examination.child; "
        "assert 'open3d' not in sys.modules and 'scans.meshes.previews.preview' in sys.modules, 'open3d at start-up'"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert answer.returncode == 0, answer.stderr[-500:]
