"""How things are said to a reader: `{% load words %}{{ finding.message|said }}`, `{{ case.received_at|ago }}`."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format

from patients.verbs import deed as _deed
from scans.said import ago as _ago
from scans.said import said as _said

register = template.Library()


@register.filter
def said(text: object) -> str:
    return _said(str(text or ""))


@register.filter
def ago(moment: datetime) -> str:
    return _ago(moment)


@register.filter
def captured(moment: datetime) -> str:
    """When a scan was taken; many scanners write the day alone, which reads as midnight."""
    local = timezone.localtime(moment)
    is_day = (local.hour, local.minute, local.second) == (0, 0, 0)
    return date_format(local, "SHORT_DATE_FORMAT" if is_day else "SHORT_DATETIME_FORMAT")


@register.filter
def deed(verb: str) -> str:
    """A verb of the audit trail in words."""
    return _deed(verb)


@register.filter
def grouped(number: int | float | None) -> str:
    """A large number with the thousands apart, as they are written here."""
    return "" if number is None else number_format(number, use_l10n=True, force_grouping=True)
