"""Forms of a customer's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

TEST_CARDS = [
    ("sandbox_ok", _("A card that works")),
    ("sandbox_declines_on_renewal", _("A card that works now and is declined at the next renewal")),
    ("sandbox_soft_decline", _("A card without enough money on it")),
    ("sandbox_hard_decline", _("A card whose account is closed")),
    ("sandbox_authentication", _("A card whose bank wants a confirmation")),
]


class TestCardForm(forms.Form):
    """The sandbox has no page of its own: cards are chosen by what they do."""

    __test__ = False

    method = forms.ChoiceField(label=_("Card"), choices=TEST_CARDS, widget=forms.RadioSelect)


class DetailsForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages={"required": _("Write the name that invoices are made out to.")}
    )
    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        min_length=2,
        help_text=_("Two letters, such as DE or US."),
        error_messages={"required": _("Write a two-letter country code such as DE.")},
    )
    region = forms.CharField(
        label=_("Region"), max_length=3, required=False, help_text=_("Where taxes differ by it, such as CA or KA.")
    )
    tax_id = forms.CharField(label=_("Tax id"), max_length=40, required=False)

    def clean_country(self) -> str:
        """In capital letters."""
        return str(self.cleaned_data["country"]).upper()


class PayForm(forms.Form):
    """Nothing to fill in: the period that was seen to be paid, by its number."""

    term = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NumberForm(forms.Form):
    """Nothing to fill in: the password that was seen to be replaced, by its number."""

    number = forms.IntegerField(widget=forms.HiddenInput)
