"""Forms of the panel: plain, they only turn input into arguments of an action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.changes.banning import OpenInvoices
from subscriptions.rules.states import HoldKind
from subscriptions.rules.suspension import PLACEABLE
from subscriptions.wording import PRESETS

HOLD_LABELS: dict[HoldKind, Any] = {
    HoldKind.MANUAL: _("By hand: something has to be settled first"),
    HoldKind.ABUSE: _("Abuse: the service was misused"),
    HoldKind.FRAUD_REVIEW: _("Under review: we are checking the account"),
}


SANDBOX_CARDS = [
    ("sandbox_ok", _("Every charge succeeds")),
    ("sandbox_soft_decline", _("Declined: too little money")),
    ("sandbox_hard_decline", _("Declined for good: account closed")),
    ("sandbox_declines_on_renewal", _("The first charge succeeds, later ones are declined")),
    ("sandbox_answer_lost", _("Charged, but the answer never arrives")),
    ("sandbox_authentication", _("The customer has to confirm first")),
    ("sandbox_refund_pending", _("Charged; a refund takes 5 days")),
    ("sandbox_refund_fails", _("Charged; a refund fails after a day")),
    ("sandbox_disputed", _("Charged, and the bank takes it back at once")),
]


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


class BanForm(SuspendForm):
    """Why, what shows that it is right, and what becomes of what is owed."""

    kind = None  # type: ignore[assignment]
    invoices = forms.ChoiceField(
        label=_("Open invoices"),
        choices=[
            (OpenInvoices.KEEP.value, _("Stay owed: given up, and can be paid later")),
            (OpenInvoices.VOID.value, _("Are voided: nothing is owed any more")),
        ],
    )

    field_order = ("reason", "invoices", "evidence_note", "evidence_file")


class VerificationForm(forms.Form):
    """What the customer has to send, and whether access is blocked meanwhile."""

    presets = forms.MultipleChoiceField(
        label=_("What to send"),
        required=False,
        choices=[(preset.value, text) for preset, text in PRESETS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    asks = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The customer reads this in the mail."),
    )
    access = forms.ChoiceField(
        label=_("Access meanwhile"),
        choices=[("block", _("Blocked until verified")), ("ask", _("Stays open: ask, but do not block"))],
    )


class LiftBanForm(forms.Form):
    """Why the customer may come back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the release; only your team sees it."),
        error_messages={"required": _("Say why, in at most 500 letters: it is kept with the release.")},
    )


class ReactivateForm(forms.Form):
    """Which kinds of hold are released, and why."""

    kinds = forms.MultipleChoiceField(
        label=_("Release"),
        choices=[(kind.value, HOLD_LABELS[kind]) for kind in PLACEABLE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose which holds to release.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to close a review; kept with the release."),
    )

    def __init__(self, *args: Any, present: frozenset[HoldKind] | None = None, **kwargs: Any) -> None:
        """`present` narrows the choice to the kinds that lie on the target."""
        super().__init__(*args, **kwargs)
        if present is not None:
            kinds = [kind for kind in PLACEABLE if kind in present]
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


class FeeForm(forms.Form):
    """Whether the fee for renewing late is waived; asked only where there is one that may be."""

    waive_fee = forms.BooleanField(label=_("Waive the fee for renewing late"), required=False)

    def __init__(self, *args: Any, may_waive: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_waive:
            del self.fields["waive_fee"]


class RecordPaymentForm(FeeForm):
    """Money that came outside the gateway. The amount stays text until its currency is known.

    `again` is asked for an amount and note that are recorded already.
    """

    amount = forms.CharField(label=_("Amount"), max_length=30, error_messages={"required": _("Say how much came.")})
    source = forms.ChoiceField(
        label=_("How it came"),
        choices=[("bank", _("Bank transfer")), ("cash", _("Cash")), ("other", _("Another way"))],
    )
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say on which day it came.")},
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where your team finds the money again, such as the reference on the bank statement."),
        error_messages={"required": _("A note says where the money is found.")},
    )
    again = forms.BooleanField(label=_("It came twice: record it again"), required=False)
    term = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, asks_again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_again:
            del self.fields["again"]


class ChargeForm(FeeForm):
    """Nothing to fill in: the term that was shown."""

    term = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReplaceCardForm(forms.Form):
    """One of the sandbox's documented payment methods."""

    method = forms.ChoiceField(label=_("New card"), choices=SANDBOX_CARDS)


class CardOfForm(forms.Form):
    """One of the customer's cards, by its public id."""

    card = forms.ChoiceField(label=_("Card"))

    def __init__(self, data: Any = None, *, cards: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["card"].choices = cards  # type: ignore[attr-defined]


class StopChargingForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Your team reads it on every page until charging goes on."),
        error_messages={"required": _("Give a reason of at most 300 letters; your team reads it.")},
    )
