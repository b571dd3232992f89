"""Forms about webhook endpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.webhooks.endpoints import DESCRIPTION_LENGTH
from notifications.webhooks.targets import LONGEST
from partnerpanel.panel.checklist import Checklist
from partnerpanel.panel.webhook_words import event_groups

EVERY, SOME = "every", "some"
OVERLAPS = [("24", _("24 hours")), ("1", _("One hour")), ("0", _("Not at all: it ends at once"))]
_LOCAL: dict[str, Any] = {"type": "datetime-local"}


class EndpointForm(forms.Form):
    """Where events go, and which."""

    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/webhooks", "spellcheck": "false"}),
        error_messages={"required": _("Write the address of your server.")},
    )
    description = forms.CharField(label=_("What it is for"), max_length=DESCRIPTION_LENGTH, required=False)
    hears = forms.ChoiceField(
        label=_("What it is told of"),
        choices=[(EVERY, _("Every event, also kinds that come later")), (SOME, _("The events that you choose"))],
        initial=EVERY,
        widget=forms.RadioSelect,
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        choices=event_groups,
        widget=Checklist,
        error_messages={"invalid_choice": _("“%(value)s” is no kind of event.")},
    )

    def clean(self) -> dict[str, Any]:
        """No events are every event."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("hears") == EVERY:
            data["events"] = []
        elif not data.get("events") and "events" not in self.errors:
            self.add_error("events", gettext("Choose at least one event, or every event."))
        return data


class RotateForm(forms.Form):
    """For how long the old secret signs too."""

    overlap = forms.ChoiceField(label=_("The old secret is valid for another"), choices=OVERLAPS, initial="24")


class SpanForm(forms.Form):
    """Which span of time is sent again, in the partner's zone."""

    since = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs=_LOCAL, format="%Y-%m-%dT%H:%M"))
    until = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput(attrs=_LOCAL, format="%Y-%m-%dT%H:%M"))
    arrived_too = forms.BooleanField(label=_("Also what was taken already"), required=False)

    @classmethod
    def of(cls, since: datetime, until: datetime) -> SpanForm:
        return cls(initial={"since": since, "until": until})
