"""Forms about API keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerpanel.actions.scopes import ALL, SCOPES
from partnerpanel.tenancy.api_keys import MOST_NETWORKS, NAME_LENGTH

READING, CHOSEN = "read", "chosen"
ACCESS = [
    (READING, _("Read everything, change nothing")),
    (ALL, _("Everything that the API can do")),
    (CHOSEN, _("The scopes below")),
]
LIVES = [("", _("Never")), ("30", _("In 30 days")), ("90", _("In 90 days")), ("365", _("In a year"))]
OVERLAPS = [("24", _("24 hours")), ("168", _("7 days")), ("1", _("One hour")), ("0", _("Not at all: it ends at once"))]


class KeyForm(forms.Form):
    """What the key is for and what it may do."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": _("Our website"), "autocomplete": "off"}),
        error_messages={"required": _("Say what the key is for.")},
    )
    access = forms.ChoiceField(label=_("It may"), choices=ACCESS, initial=READING)
    scopes = forms.CharField(
        label=_("Scopes"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "placeholder": "customers:read"}),
        help_text=_("One a line, such as customers:read or subscriptions:write. The documentation lists them."),
    )
    networks = forms.CharField(
        label=_("Works only from"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "placeholder": "203.0.113.0/24"}),
        help_text=_("Addresses or networks, one a line; empty: from everywhere."),
    )
    lives = forms.ChoiceField(label=_("Expires"), choices=LIVES, required=False)

    def clean(self) -> dict[str, Any]:
        """The scopes that the choice comes to."""
        found: dict[str, Any] = super().clean() or {}
        words = str(found.get("scopes", "")).replace(",", " ").split()
        if found.get("access") == CHOSEN and not words:
            self.add_error("scopes", _now("Write at least one scope."))
        for word in words:
            if word not in SCOPES:
                self.add_error("scopes", _now("“%(word)s” is no scope.") % {"word": word[:60]})
                break
        if len(str(found.get("networks", "")).split()) > MOST_NETWORKS:
            self.add_error("networks", _now("A key has at most %(n)s addresses.") % {"n": MOST_NETWORKS})
        return found

    def wanted_scopes(self) -> list[str]:
        """As the action takes them."""
        access = self.cleaned_data["access"]
        if access == READING:
            return sorted(scope for scope in SCOPES if scope.endswith(":read"))
        return [ALL] if access == ALL else self.cleaned_data["scopes"].replace(",", " ").split()

    def expires_at(self, at: datetime) -> datetime | None:
        """Counted from `at`, the system's time."""
        days = self.cleaned_data["lives"]
        return at + timedelta(days=int(days)) if days else None


class RotateKeyForm(forms.Form):
    """For how long the old key works beside the new one."""

    overlap = forms.ChoiceField(label=_("The old key works for another"), choices=OVERLAPS, initial="24")
