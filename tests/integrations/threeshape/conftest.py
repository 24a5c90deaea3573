import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

from tests.integrations.threeshape.watched import Watched

NOBODY = 65534


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    root = tmp_path / "exports"
    root.mkdir()
    return Watched(root)


@pytest.fixture
def as_nobody(tmp_path: Path) -> Callable[[], AbstractContextManager[None]]:
    """Without the rights of root, to whom no file is closed."""

    @contextmanager
    def without_rights() -> Iterator[None]:
        if os.geteuid() != 0:
            yield
            return
        for folder in (tmp_path, *takewhile(lambda place: place != Path(tempfile.gettempdir()), tmp_path.parents)):
            folder.chmod(0o755)
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return without_rights
