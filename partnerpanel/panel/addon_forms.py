"""Forms of add-ons: in the catalogue and on a subscription. What can be chosen comes from the view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.panel.catalogue_forms import NAME_ERRORS, UNITS
from partnerpanel.panel.change_forms import UNPAIDS, Group
from partnerpanel.panel.row_fields import AllowancesField, PricesField
from partnerpanel.panel.start_forms import MOST, WHOLE
from subscriptions.rules.addons import AddonKind
from subscriptions.rules.catalogue import LARGEST_RANK, NAME_LENGTH

KINDS = [
    (AddonKind.RECURRING.value, _("Recurring: billed with the plan")),
    (AddonKind.EXPIRING.value, _("Expiring: for one interval, then bought again")),
    (AddonKind.PACK.value, _("Pack: bought once and used up")),
]


class AddonForm(forms.Form):
    """What an add-on says."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, error_messages=NAME_ERRORS)
    prices = PricesField(
        label=_("Prices"),
        help_text=_("Of one unit, one for each currency in which you sell, before tax."),
        error_messages={"required": _("An add-on needs at least one price.")},
    )
    allowances = AllowancesField(
        label=_("Allowances"), required=False, help_text=_("What one unit adds, such as “connections” and 2.")
    )
    rank = forms.IntegerField(
        label=_("Rank"),
        min_value=-LARGEST_RANK,
        max_value=LARGEST_RANK,
        initial=0,
        help_text=_("Where it stands among its siblings."),
    )
    plans = forms.MultipleChoiceField(
        label=_("Plans"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every plan of the product."),
    )

    def __init__(self, *args: Any, plans: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plans"].choices = plans  # type: ignore[attr-defined]


class NewAddonForm(AddonForm):
    """With what stays as it is: the kind and the interval."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial=AddonKind.RECURRING.value)
    interval_count = forms.IntegerField(label=_("Its price is for"), min_value=1, max_value=366, initial=1)
    interval_unit = forms.ChoiceField(
        label=_("Interval"), choices=UNITS, initial=Unit.MONTH.value, help_text=_("A pack has none.")
    )
    field_order = ("name", "kind", "prices", "interval_count", "interval_unit", "allowances", "plans", "rank")

    @property
    def interval(self) -> Interval | None:
        """None for a pack. Raises InvalidInterval."""
        if self.cleaned_data["kind"] == AddonKind.PACK:
            return None
        return Interval(Unit(self.cleaned_data["interval_unit"]), self.cleaned_data["interval_count"])


class EditAddonForm(AddonForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class AddAddonForm(forms.Form):
    """Which one, and how many. `planned_for` is the add-on that the options below it are shown for."""

    addon = forms.ChoiceField(label=_("Add-on"), error_messages={"required": _("Choose an add-on.")})
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST, initial=1, error_messages=WHOLE)
    unpaid = forms.ChoiceField(label=_("What is to pay"), choices=UNPAIDS, widget=forms.RadioSelect)
    planned_for = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["addon"].choices = [("", _("Choose an add-on")), *groups]  # type: ignore[attr-defined]


class HeldAddonForm(forms.Form):
    """Which of those that the subscription has."""

    addon = forms.ChoiceField(label=_("Add-on"), error_messages={"required": _("Choose an add-on.")})

    def __init__(self, data: Any, *, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["addon"].choices = choices  # type: ignore[attr-defined]
