"""Logs: one event a line on standard error, ids only."""

from typing import Any


def logging_config(*, debug: bool) -> dict[str, Any]:
    level = "DEBUG" if debug else "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "config": {"level": level},
            "patients": {"level": level},
            "scans": {"level": level},
            "integrations": {"level": level},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # requests-oauthlib writes tokens at DEBUG
            "requests_oauthlib": {"level": "WARNING"},
            "oauthlib": {"level": "WARNING"},
        },
    }
