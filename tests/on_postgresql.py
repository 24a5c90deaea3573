"""`python -m tests.on_postgresql ARGUMENTS...` : pytest with PostgreSQL under it.

Where no server answers this says so in a line; under CI that is a failure, because a test that did not run proves
nothing.
"""

import os
import sys

import psycopg
import pytest

DEFAULT = "postgresql://127.0.0.1:5432/postgres"


def main(arguments: list[str]) -> int:
    address = os.environ.get("ARCHWAY_TEST_POSTGRESQL", DEFAULT)
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        sys.stdout.write("No PostgreSQL server answers: the database tests ran on SQLite only.\n")
        return 1 if os.environ.get("CI") == "true" else 0
    os.environ["DATABASE_URL"] = address
    return int(pytest.main(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
