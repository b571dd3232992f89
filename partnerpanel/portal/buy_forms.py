"""Forms of buying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from babel import Locale
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.checkout.quoting import Wanted
from partnerpanel.kernel.ids import public
from partnerpanel.portal.words import locale, money, per

if TYPE_CHECKING:
    from partnerpanel.actions.checkout.offers import Offer

MOST_ADDONS = 1_000
# Territories of CLDR that are no country.
NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def countries() -> list[tuple[str, str]]:
    """Codes and names, in the order of the names."""
    spoken: Locale = locale()
    found = {code: name for code, name in spoken.territories.items() if len(code) == 2 and code.isalpha()}
    return sorted(((code, name) for code, name in found.items() if code not in NO_COUNTRIES), key=lambda one: one[1])


class BuyForm(forms.Form):
    """What is wanted, and by whom; a buyer who is signed in is asked for the first alone.

    `website` is seen by nobody: who fills it in is a program, or is told to leave it empty.
    """

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("As it stands on the invoice."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write the name that the invoice is made out to.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": gettext_lazy("Write the address that everything is sent to."),
            "invalid": gettext_lazy("Write an address such as anna@example.com."),
        },
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    region = forms.CharField(
        label=gettext_lazy("Region"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("Where taxes differ by it, such as CA or KA."),
    )
    tax_id = forms.CharField(
        label=gettext_lazy("Tax id"), max_length=40, required=False, help_text=gettext_lazy("For companies.")
    )
    quantity = forms.IntegerField(label=gettext_lazy("Quantity"), min_value=1)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    coupon = forms.CharField(label=gettext_lazy("Coupon"), max_length=40, required=False)
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, offer: Offer, currency: str, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.fields["currency"].choices = [(code, code) for code in offer.currencies]  # type: ignore[attr-defined]
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]
        self.fields["quantity"].max_value = offer.link.most_quantity  # type: ignore[attr-defined]
        self.fields["quantity"].widget.attrs["max"] = offer.link.most_quantity
        if signed_in:
            for name in ("name", "email", "country", "region", "tax_id"):
                del self.fields[name]
        if len(offer.currencies) == 1:
            self.fields["currency"].widget = forms.HiddenInput()
        if offer.link.most_quantity == 1:
            self.fields["quantity"].widget = forms.HiddenInput()
        for addon, chosen in offer.addons:
            every = per(addon.interval) if addon.interval else ""
            self.fields[addon_field(addon.id)] = forms.IntegerField(
                label=addon.name,
                min_value=0,
                max_value=MOST_ADDONS,
                required=False,
                initial=chosen,
                help_text=_("%(price)s %(every)s") % {"price": money(addon.price), "every": every},
            )

    @property
    def addons(self) -> list[forms.BoundField]:
        """The fields of what may be added."""
        return [self[addon_field(addon.id)] for addon, _chosen in self.offer.addons]


def addon_field(addon_id: UUID) -> str:
    return public("addon", addon_id)


def wanted_from(data: Mapping[str, Any], offer: Offer, *, currency: str, country: str) -> Wanted:
    """What is wanted as far as it can be read; what cannot is what the offer begins with."""
    quantity = _number(data.get("quantity"), offer.link.most_quantity) or 1
    addons = [
        (addon.id, _number(data.get(addon_field(addon.id), chosen), MOST_ADDONS)) for addon, chosen in offer.addons
    ]
    place = str(data.get("country", "")).upper()
    return Wanted(
        currency=currency,
        quantity=quantity,
        coupon=str(data.get("coupon", offer.link.coupon)).strip()[:40],
        addons=tuple((id_, many) for id_, many in addons if many),
        country=place if len(place) == 2 and place.isalpha() and place.isascii() else country,
        region=str(data.get("region", "")).strip().upper()[:3],
        tax_id=str(data.get("tax_id", "")).strip()[:40],
    )


def _number(value: Any, most: int) -> int:
    text = str(value or "").strip()
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


class OrderForm(forms.Form):
    """The last step: the terms, where there are any."""

    terms = forms.BooleanField(
        label=gettext_lazy("I accept the terms"),
        error_messages={"required": gettext_lazy("Accept the terms to order.")},
    )

    def __init__(self, *args: Any, has_terms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_terms:
            del self.fields["terms"]
