"""Forms about taxes, as arguments of an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.tax.rules.checks import InvalidTax, NewRate, OwnTaxes, percent_from
from billing.tax.rules.rates import Registration
from billing.tax.wording import KINDS
from partnerpanel.panel.refusals import refusal_of

COUNTRY_HELP = gettext_lazy("Two letters, such as DE.")
REGION_HELP = gettext_lazy(
    "Where taxes differ by it: NY for New York, ON for Ontario, KA for Karnataka. Empty: all of the country."
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PercentField(forms.CharField):
    """`19` or `8.875`, exact."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=9, widget=widget, label=gettext_lazy("Percent"), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return percent_from(text)
        except InvalidTax as error:
            raise ValidationError(refusal_of(error)) from None


class OwnTaxesForm(forms.Form):
    is_registered = forms.BooleanField(
        label=gettext_lazy("We are registered and charge tax"),
        required=False,
        help_text=gettext_lazy("Without it no invoice has a tax on it."),
    )
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2, help_text=COUNTRY_HELP)
    region = forms.CharField(
        label=gettext_lazy("Region"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("In India the state, such as KA: it decides between CGST with SGST, and IGST."),
    )
    tax_id = forms.CharField(label=gettext_lazy("Tax id"), max_length=40, required=False)
    registrations = forms.CharField(
        label=gettext_lazy("Registered elsewhere too"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One a line: a country and your tax id there, such as “GB 980780684”. EU means the One-Stop Shop: "
            "consumers in the EU pay the tax of their own country."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def own(self) -> OwnTaxes:
        data = self.cleaned_data
        lines = [line.split(maxsplit=1) for line in data["registrations"].splitlines() if line.strip()]
        elsewhere = tuple(Registration(line[0].upper(), line[1] if line[1:] else "") for line in lines)
        return OwnTaxes(data["country"], data["is_registered"], data["region"], data["tax_id"], elsewhere)


class NewRateForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("As invoices show it, such as VAT.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(kind.value, text) for kind, text in KINDS.items()])
    percent = PercentField()
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2, help_text=COUNTRY_HELP)
    region = forms.CharField(label=gettext_lazy("Region"), max_length=3, required=False, help_text=REGION_HELP)
    is_inclusive = forms.ChoiceField(
        label=gettext_lazy("Your prices"),
        choices=[("no", gettext_lazy("are without it; it is added")), ("yes", gettext_lazy("contain it"))],
        initial="no",
    )
    valid_from = forms.DateField(label=gettext_lazy("From"), widget=DAY)
    valid_until = forms.DateField(
        label=gettext_lazy("Until before"),
        widget=DAY,
        required=False,
        help_text=gettext_lazy("The first day on which it does not count any more. Empty: until you say so."),
    )

    @property
    def rate(self) -> NewRate:
        data = self.cleaned_data
        return NewRate(
            data["kind"],
            data["name"],
            data["country"],
            data["percent"],
            data["is_inclusive"] == "yes",
            data["valid_from"],
            data["valid_until"],
            region=data["region"],
        )


class NewVersionForm(forms.Form):
    percent = PercentField()
    valid_from = forms.DateField(
        label=gettext_lazy("From"),
        widget=DAY,
        help_text=gettext_lazy("What is invoiced before that day keeps the percentage it has."),
    )


class CustomerTaxesForm(forms.Form):
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2, help_text=COUNTRY_HELP)
    region = forms.CharField(label=gettext_lazy("Region"), max_length=3, required=False, help_text=REGION_HELP)
    tax_id = forms.CharField(
        label=gettext_lazy("Tax id"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Checked by its form and check digits. A business in another EU country needs one."),
    )
    tax_exempt_for = forms.CharField(
        label=gettext_lazy("Exempt from tax because"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: not exempt. Invoices show the reason."),
    )


class SampleForm(forms.Form):
    """What a sale would carry: read from the address, so that a sample can be sent to a colleague."""

    amount = forms.CharField(label=gettext_lazy("Price"), max_length=20)
    country = forms.CharField(label=gettext_lazy("Customer’s country"), max_length=2)
    region = forms.CharField(label=gettext_lazy("Region"), max_length=3, required=False)
    tax_id = forms.CharField(label=gettext_lazy("Tax id"), max_length=40, required=False)
    on = forms.DateField(label=gettext_lazy("On"), widget=DAY)

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip().upper()
        if not (country.isascii() and country.isalpha() and len(country) == 2):
            raise ValidationError(_("Write a two-letter country code such as DE."))
        return country
