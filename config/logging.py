"""Logs: one event a line on standard error, ids only."""

import logging
import traceback
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """Where an error happened and of what kind, without its message: a database puts values of a row into that."""

    def formatException(self, ei: ExcInfo) -> str:
        kind, _, frames = ei
        name = kind.__name__ if kind else ""
        return "".join(traceback.format_tb(frames)) + name


def logging_config(*, debug: bool) -> dict[str, Any]:
    level = "DEBUG" if debug else "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "config.logging.QuietFormatter",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "config": {"level": level},
            "patients": {"level": level},
            "scans": {"level": level},
            "integrations": {"level": level},
            # Django's own handlers would print messages of errors, or send them by mail.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # requests-oauthlib writes tokens at DEBUG
            "requests_oauthlib": {"level": "WARNING"},
            "oauthlib": {"level": "WARNING"},
            # and urllib3 whole addresses: some storages take them in place of a token
            "urllib3": {"level": "WARNING"},
        },
    }
