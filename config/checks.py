"""Settings that would lose data or open doors are errors at start-up, each with an id."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from integrations.http import is_allowed


@register(Tags.security)
def secret_key_is_set(**_: Any) -> list[CheckMessage]:
    """A missing or broken encryption key needs no check here: the models refuse to load without one."""
    if len(settings.SECRET_KEY) >= 32:
        return []
    return [Error("ARCHWAY_SECRET_KEY must be set, at least 32 characters.", id="archway.E001")]


@register()
def queue_does_not_run_work_twice(**_: Any) -> list[CheckMessage]:
    """django-q2 hands a task out again after `retry` seconds: it must outlast the longest run."""
    queue: dict[str, Any] = settings.Q_CLUSTER
    if queue["timeout"] < queue["retry"]:
        return []
    return [
        Error("ARCHWAY_QUEUE_TIMEOUT must be below ARCHWAY_QUEUE_RETRY, or work runs twice at once.", id="archway.E002")
    ]


@register()
def time_zone_exists(**_: Any) -> list[CheckMessage]:
    if settings.TIME_ZONE in zoneinfo.available_timezones():
        return []
    return [Error("ARCHWAY_TIME_ZONE is no known time zone.", id="archway.E003")]


@register(Tags.security)
def clouds_are_reached_safely(**_: Any) -> list[CheckMessage]:
    """http is for a sandbox on this machine; everything else is https and on its list of hosts."""
    wrong = [name for name, cloud in settings.ARCHWAY_CLOUDS.items() if not _is_safe(cloud)]
    return [
        Error(
            f"The address of the {name} cloud must be https and its host stand in ARCHWAY_{name}_HOSTS.",
            id="archway.E005",
        )
        for name in wrong
    ]


def _is_safe(cloud: dict[str, Any]) -> bool:
    addresses = [cloud[name] for name in ("base_url", "oauth_base") if cloud[name]]
    return all(is_allowed(address, cloud["hosts"]) for address in addresses)


@register(Tags.security, deploy=True)
def https_is_on(**_: Any) -> list[CheckMessage]:
    if settings.HTTPS:
        return []
    return [Warning("ARCHWAY_HTTPS is off: sessions and scans travel in the clear.", id="archway.W001")]
