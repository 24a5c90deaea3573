"""`{% load words %}{{ finding.message|said }}` : a sentence of pure code in the reader's language."""

from django import template

from scans.said import said as _said

register = template.Library()


@register.filter
def said(text: object) -> str:
    return _said(str(text or ""))
