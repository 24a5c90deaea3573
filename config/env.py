"""Typed reads of the environment. `NAME_FILE` may name a file that holds the value, as container secrets do."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path


class BadSetting(ValueError):
    """A variable that does not read as what it should be; its name is told, never its value."""


def text(name: str, default: str = "") -> str:
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        return Path(file_name).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def secret(name: str, place: Path, make: Callable[[], str] | None) -> str:
    """A secret of the environment, else what `place` holds; `make` fills that once, for the owner's eyes only."""
    value = text(name)
    if value:
        return value
    if make and not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):  # another process was first: its value counts
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                target.write(make())
    return place.read_text(encoding="utf-8").strip() if place.exists() else ""


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise BadSetting(f"{name} must be 1 or 0")
    return default


def number(name: str, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise BadSetting(f"{name} must be a whole number") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def path(name: str, default: Path) -> Path:
    value = text(name)
    return Path(value).resolve() if value else default
