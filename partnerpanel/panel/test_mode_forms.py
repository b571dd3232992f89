"""Forms of the test mode."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.clock import start_of_day
from partnerpanel.panel.forms import SANDBOX_CARDS

# By how much a button moves the clock, on the calendar of the partner's zone.
STEPS: dict[str, tuple[Any, relativedelta]] = {
    "day": (_("1 day"), relativedelta(days=1)),
    "week": (_("1 week"), relativedelta(weeks=1)),
    "month": (_("1 month"), relativedelta(months=1)),
    "year": (_("12 months"), relativedelta(months=12)),
    "two_years": (_("24 months"), relativedelta(months=24)),
}
PRESETS = [
    ("standard", _("Standard: retries on days 1, 3 and 5, seven days of grace, then suspended")),
    ("extended", _("Extended: fifteen days of grace from the first failure, then the account is frozen")),
    ("strict", _("Strict: two retries, three days of grace with limited access")),
    ("lenient", _("Lenient: five retries, thirty days of grace")),
]


class AdvanceForm(forms.Form):
    """How far the clock moves: a step, the next event, or a day."""

    by = forms.ChoiceField(
        label=_("Advance by"),
        choices=[*((name, text) for name, (text, _step) in STEPS.items()), ("next", ""), ("to", "")],
    )
    to = forms.DateField(
        label=_("To a day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day on which the clock shall stand."),
            "invalid": _("Choose a day such as 2027-01-31."),
        },
    )

    def clean(self) -> dict[str, Any]:
        """A step needs no day."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("by") != "to":
            self.errors.pop("to", None)
        return found

    def instant(self, now: datetime, zone: str) -> datetime:
        """Where a step or a chosen day leads from `now`; the first instant of that day."""
        by = self.cleaned_data["by"]
        if by == "to":
            return start_of_day(self.cleaned_data["to"], zone)
        return (now.astimezone(ZoneInfo(zone)) + STEPS[by][1]).astimezone(now.tzinfo)


class ExampleForm(forms.Form):
    """A card that behaves in one of the documented ways, and a policy."""

    card = forms.ChoiceField(label=_("Card"), choices=[*SANDBOX_CARDS, ("none", _("No card at all"))])
    preset = forms.ChoiceField(label=_("Policy"), choices=PRESETS)


class ResetForm(forms.Form):
    """The test mode's short name, typed."""

    typed = forms.CharField(
        label=_("Short name of the test mode"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the short name that this window shows.")},
    )
