"""Who leaves and what offers keep, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.offers.rules.offers import Outcome
from partnerpanel.panel.templatetags.formats import locale, number

# What the offers of a list can be narrowed to.
ONLY = ("taken", "stay", "ripe", "kept")
OUTCOMES: Mapping[str, Any] = {
    Outcome.OPEN.value: gettext_lazy("Open"),
    Outcome.TAKEN.value: gettext_lazy("Taken"),
    Outcome.DECLINED.value: gettext_lazy("Declined"),
}


def month_text(month: date) -> str:
    """“Mar 2026”."""
    return str(dates.format_date(month, "MMM yyyy", locale()))


def share(part: int, whole: int) -> str:
    """“3 of 12 (25 %)”; without a whole there is no share."""
    if not whole:
        return number(part)
    words = {"part": number(part), "whole": number(whole), "percent": number(round(part * 100 / whole))}
    return _("%(part)s of %(whole)s (%(percent)s %%)") % words
