"""Forms of what happens to a subscription besides a change of plan. What can be chosen comes from the view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.changes.extension import MOST_DAYS
from partnerpanel.panel.forms import RecordPaymentForm
from partnerpanel.panel.note_field import note_field

Choices = Sequence[tuple[str, Any]]

# Instead of months: as many days as the field beside it says.
BY_DAYS = "days"
PAYMENT = ("amount", "source", "received_on")
DURATIONS = [
    ("1", _("1 month")),
    ("3", _("3 months")),
    ("6", _("6 months")),
    ("12", _("12 months")),
    (BY_DAYS, _("Days")),
]


def _day(label: Any, *, error: Any = "", **other: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages={"required": error}, **other)


def limit(form: forms.Form, name: str, *, first: date, last: date | None = None) -> None:
    """The days that the browser offers for a field."""
    attrs = form.fields[name].widget.attrs
    attrs["min"] = first.isoformat()
    if last:
        attrs["max"] = last.isoformat()


class KeepForm(forms.Form):
    """Nothing to fill in."""


class NotedForm(forms.Form):
    """A note that says why."""

    note = note_field()


class DurationForm(forms.Form):
    """For how long, and why."""

    duration = forms.ChoiceField(label=_("Extend by"), choices=DURATIONS)
    days = forms.IntegerField(
        label=_("Number of days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "invalid": _("Write a whole number of days."),
            "min_value": _("Extend by 1 to 366 days."),
            "max_value": _("Extend by 1 to 366 days."),
        },
    )
    note = note_field()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("duration") == BY_DAYS and "days" in data and not data["days"]:
            self.add_error("days", _("Extend by 1 to 366 days."))
        return data


class ExtendForm(DurationForm):
    """`received` opens the fields of a payment, which are asked for when `is_paid`.

    `asked_for` is the duration that the amount was filled in for.
    """

    received = forms.BooleanField(label=_("Outside payment received"), required=False)
    amount = forms.CharField(label=_("Amount"), max_length=30, error_messages={"required": _("Say how much came.")})
    source = forms.ChoiceField(
        label=_("How it came"),
        choices=RecordPaymentForm.base_fields["source"].choices,  # type: ignore[attr-defined]
    )
    received_on = _day(_("Received on"), error=_("Say on which day it came."))
    asked_for = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, may_record: bool, is_paid: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if is_paid else PAYMENT:
            del self.fields[name]
        if not may_record:
            del self.fields["received"]


class CancelForm(forms.Form):
    """When it ends and why. `credit_unused` is asked where it ends now and something is left."""

    when = forms.ChoiceField(label=_("When"))
    reason = forms.ChoiceField(label=_("Reason"), error_messages={"required": _("Choose a reason.")})
    note = note_field(required=False, help_text=_("In the customer’s words, for your team."))
    credit_unused = forms.BooleanField(label=_("Give the unused days to the customer’s balance"), required=False)

    def __init__(self, *args: Any, whens: Choices, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = whens  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", _("Choose a reason")), *reasons]  # type: ignore[attr-defined]


class PauseForm(forms.Form):
    """From when, and until which day."""

    when = forms.ChoiceField(label=_("Begins"))
    until = _day(
        _("Until"), required=False, help_text=_("On this day it goes on by itself. Without one, somebody resumes it.")
    )
    note = note_field(required=False)

    def __init__(self, *args: Any, whens: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = whens  # type: ignore[attr-defined]


class BillingDateForm(forms.Form):
    """The day on which it is billed next."""

    on = _day(_("New billing date"), error=_("Choose a day."))
