"""Forms of checkout links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.actions.checkout.links import MOST, MOST_USES
from subscriptions.rules.addons import AddonOffer

LONGEST_TRIAL = 730
LINK, PAGE = "link", "page"


class LinkForm(forms.Form):
    """What is sold at the address."""

    found_by = forms.ChoiceField(
        label=_("Who finds it"),
        choices=[(LINK, _("Whoever gets the link")), (PAGE, _("Everybody: it is the plan’s own page"))],
        initial=LINK,
        widget=forms.RadioSelect,
    )
    key = forms.CharField(
        label=_("Short name in the address"),
        max_length=40,
        required=False,
        help_text=_("Of the plan’s own page: small letters, digits and dashes, such as basic-monthly."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=80, required=False, help_text=_("For you: where it stands, or who has it.")
    )
    trial_days = forms.IntegerField(
        label=_("Days of trial"), min_value=0, max_value=LONGEST_TRIAL, initial=0, required=False
    )
    trial_needs_card = forms.BooleanField(label=_("The trial begins only with a card"), initial=True, required=False)
    most_quantity = forms.IntegerField(
        label=_("Most that a buyer may take"), min_value=1, max_value=MOST, initial=1, required=False
    )
    coupon = forms.CharField(
        label=_("Coupon"), max_length=40, required=False, help_text=_("It is filled in; buyers may use another one.")
    )
    email = forms.EmailField(label=_("E-mail of the buyer"), required=False, help_text=_("It is filled in."))
    terms_url = forms.URLField(
        label=_("Address of your terms"),
        required=False,
        assume_scheme="https",
        help_text=_("Buyers accept them; it is kept which."),
    )
    until_at = forms.DateTimeField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    most_uses = forms.IntegerField(label=_("Number of uses"), min_value=1, max_value=MOST_USES, required=False)

    def __init__(self, *args: Any, addons: Sequence[AddonOffer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addons = addons
        for one in addons:
            self.fields[f"addon-{one.id.hex}"] = forms.IntegerField(
                label=one.name, min_value=0, max_value=MOST, required=False, help_text=_("So many are filled in.")
            )

    @property
    def addons(self) -> tuple[tuple[UUID, int], ...]:
        """Those that are filled in."""
        found = ((one.id, self.cleaned_data.get(f"addon-{one.id.hex}") or 0) for one in self._addons)
        return tuple((id_, many) for id_, many in found if many)
