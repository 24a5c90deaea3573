"""The schema is complete and is the one committed: a change of the API is a change of that file."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

SNAPSHOT = Path(__file__).parent / "openapi.yaml"


def _schema() -> str:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return out.getvalue()


def test_the_schema_is_the_committed_one() -> None:
    """After a wanted change: `python manage.py spectacular --validate --file tests/api/openapi.yaml`."""
    assert _schema() == SNAPSHOT.read_text(encoding="utf-8")
