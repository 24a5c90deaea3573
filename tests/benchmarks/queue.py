"""How fast the queue answers: `python -m tests.benchmarks.queue [--cases N] [--patients N] [--rounds N]`.

Makes 5,000 waiting cases and 200,000 patients in a scratch database and prints medians as Markdown. On SQLite in a
folder that vanishes; with DATABASE_URL on a PostgreSQL server, in a database of its own that is dropped at the end.
"""

import os
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    import_module("tests.benchmarks.queue_pages").main()
