"""Forms of verbs over many customers: what a verb asks, without what belongs to one subscription."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.changes.cancelling import CancelWhen
from partnerpanel.panel.change_forms import WHENS, Group
from partnerpanel.panel.lifecycle_forms import BY_DAYS, CancelForm, DurationForm


class BulkExtendForm(DurationForm):
    """Time that is given: a payment belongs to one subscription."""

    @property
    def months(self) -> int:
        """Of a valid form; zero where it is days."""
        duration = self.cleaned_data["duration"]
        return 0 if duration == BY_DAYS else int(duration)

    @property
    def wanted_days(self) -> int:
        """Of a valid form; zero where it is months."""
        return 0 if self.months else int(self.cleaned_data["days"])


class BulkChangePlanForm(forms.Form):
    """To which plan, and when; without a time each follows the policy for its direction."""

    plan = forms.ChoiceField(label=_("New plan"), error_messages={"required": _("Choose a plan.")})
    when = forms.ChoiceField(
        label=_("When"), required=False, choices=[("", _("As your policy says for up and down")), *WHENS]
    )

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = [("", _("Choose a plan")), *groups]  # type: ignore[attr-defined]


class BulkCancelForm(CancelForm):
    """When they end and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        whens = [
            (CancelWhen.PERIOD_END.value, _("At the end of each one’s period")),
            (CancelWhen.NOW.value, _("Now")),
        ]
        super().__init__(*args, whens=whens, **kwargs)


class BulkTagForm(forms.Form):
    """Tags to put on and to take off."""

    add = forms.CharField(label=_("Add tags"), required=False, help_text=_("Separate them with commas."))
    remove = forms.CharField(label=_("Remove tags"), required=False, help_text=_("Separate them with commas."))

    def names(self, field: str) -> tuple[str, ...]:
        """Of a valid form."""
        return tuple(self.cleaned_data[field].split(","))
