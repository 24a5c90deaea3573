"""Where the uploader's token comes from: a file or the environment, never the command line, which everybody sees."""

import os
import re
from pathlib import Path

from integrations.errors import Misconfigured

VARIABLE = "ARCHWAY_TOKEN"
TOKEN = re.compile(r"[\w.~+/=-]+", re.ASCII)


def token_of(token_file: Path | None) -> str:
    """Read anew each time. Raises Misconfigured when there is none."""
    try:
        text = token_file.read_text(encoding="ascii") if token_file else os.environ.get(VARIABLE, "")
    except (OSError, ValueError):
        raise Misconfigured("no_token", "The token file cannot be read.") from None
    if not TOKEN.fullmatch(text.strip()):
        raise Misconfigured("no_token", f"There is no token: name its file with --token-file, or set {VARIABLE}.")
    return text.strip()
