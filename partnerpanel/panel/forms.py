"""Forms of the panel: plain, they only turn input into arguments of an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import PLACEABLE, RELEASABLE

HOLD_LABELS: dict[HoldKind, Any] = {
    HoldKind.MANUAL: _("By hand: something has to be settled first"),
    HoldKind.ABUSE: _("Abuse: the service was misused"),
    HoldKind.FRAUD_REVIEW: _("Under review: we are checking the account"),
    HoldKind.NONPAYMENT: _("Unpaid: waive what is owed for access"),
}


class SuspendForm(forms.Form):
    """Kind and reason of a hold, and what shows that it is right."""

    kind = forms.ChoiceField(label=_("Kind of hold"), choices=[(kind.value, HOLD_LABELS[kind]) for kind in PLACEABLE])
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The customer reads this in the mail."),
        error_messages={"required": _("Give a reason of at most 500 letters; the customer reads it.")},
    )
    evidence_note = forms.CharField(
        label=_("Evidence for your team"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only your team sees this."),
    )
    evidence_file = forms.FileField(label=_("File"), required=False, help_text=_("At most 2 MB."))


class BulkSuspendForm(SuspendForm):
    """The same for many customers: evidence belongs to one."""

    evidence_note = None  # type: ignore[assignment]
    evidence_file = None  # type: ignore[assignment]


class ReactivateForm(forms.Form):
    """Which kinds of hold are released, and why."""

    kinds = forms.MultipleChoiceField(
        label=_("Release"),
        choices=[(kind.value, HOLD_LABELS[kind]) for kind in RELEASABLE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose which holds to release.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to waive an unpaid hold or to close a review; kept with the release."),
    )

    def __init__(self, *args: Any, present: frozenset[HoldKind] | None = None, **kwargs: Any) -> None:
        """`present` narrows the choice to the kinds that lie on the target."""
        super().__init__(*args, **kwargs)
        if present is not None:
            kinds = [kind for kind in RELEASABLE if kind in present]
            self.fields["kinds"].choices = [(kind.value, HOLD_LABELS[kind]) for kind in kinds]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something first.")},
    )


class TagsForm(forms.Form):
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Separate them with commas."))

    def clean_tags(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["tags"].split(",") if name.strip()]
