"""`{% load words %}{{ finding.message|said }}` : a sentence of pure code in the reader's language."""

from django import template
from django.utils.formats import number_format

from patients.verbs import deed as _deed
from scans.said import said as _said

register = template.Library()


@register.filter
def said(text: object) -> str:
    return _said(str(text or ""))


@register.filter
def deed(verb: str) -> str:
    """A verb of the audit trail in words."""
    return _deed(verb)


@register.filter
def grouped(number: int | float | None) -> str:
    """A large number with the thousands apart, as they are written here."""
    return "" if number is None else number_format(number, use_l10n=True, force_grouping=True)
