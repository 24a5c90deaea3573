from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scans.meshes.readers import Reading, open_mesh


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Writes content to a file with a neutral name and opens it."""

    def read_content(content: bytes | str, **options: Any) -> Reading:
        file = tmp_path / "0001"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_mesh(file, **options)

    return read_content


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]
