"""Billing intervals in words."""

from __future__ import annotations

from django.template import Library
from django.utils.translation import ngettext

from partnerpanel.kernel.period import Unit

register = Library()


@register.simple_tag
def per_interval(unit: str, count: int) -> str:
    """“per month”, “per 3 months”."""
    texts = {
        Unit.DAY: ngettext("per day", "per %(n)d days", count),
        Unit.WEEK: ngettext("per week", "per %(n)d weeks", count),
        Unit.MONTH: ngettext("per month", "per %(n)d months", count),
        Unit.YEAR: ngettext("per year", "per %(n)d years", count),
    }
    return texts[Unit(unit)] % {"n": count} if count != 1 else texts[Unit(unit)]
