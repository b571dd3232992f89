"""Forms of the catalogue: what people write about products and plans, as arguments of an action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.panel.row_fields import AllowancesField, PricesField
from subscriptions.rules.catalogue import LARGEST_RANK, NAME_LENGTH

UNITS = [
    (Unit.DAY.value, _("days")),
    (Unit.WEEK.value, _("weeks")),
    (Unit.MONTH.value, _("months")),
    (Unit.YEAR.value, _("years")),
]
NAME_ERRORS = {
    "required": _("Give it a name."),
    "max_length": _("A name has at most 120 letters."),
}
RANK_HELP = _("A higher rank is an upgrade. Siblings may share a rank.")


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, error_messages=NAME_ERRORS)


class RenameProductForm(ProductForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlanForm(forms.Form):
    """What a plan says besides its prices."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, error_messages=NAME_ERRORS)
    interval_count = forms.IntegerField(
        label=_("Billed every"), min_value=1, max_value=366, initial=1, widget=forms.NumberInput(attrs={"min": 1})
    )
    interval_unit = forms.ChoiceField(label=_("Interval"), choices=UNITS, initial=Unit.MONTH.value)
    rank = forms.IntegerField(
        label=_("Rank"), min_value=-LARGEST_RANK, max_value=LARGEST_RANK, initial=0, help_text=RANK_HELP
    )
    allowances = AllowancesField(
        label=_("Allowances"), required=False, help_text=_("What is included in a period, such as “connections” and 2.")
    )

    @property
    def interval(self) -> Interval:
        """Raises InvalidInterval."""
        return Interval(Unit(self.cleaned_data["interval_unit"]), self.cleaned_data["interval_count"])


class NewPlanForm(PlanForm):
    """A plan of one of the partner's products."""

    product = forms.ChoiceField(label=_("Product"), error_messages={"required": _("Choose a product.")})
    prices = PricesField(
        label=_("Prices"),
        help_text=_("One for each currency in which you sell, for one interval, before tax."),
        error_messages={"required": _("A plan needs at least one price.")},
    )
    field_order = ("product", "name", "prices", "interval_count", "interval_unit", "rank", "allowances")

    def __init__(self, *args: Any, products: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = products  # type: ignore[attr-defined]


class EditPlanForm(PlanForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PricesForm(forms.Form):
    """The prices of new sales."""

    prices = PricesField(
        label=_("Prices"),
        help_text=_("One for each currency. Empty a row to stop selling in its currency."),
        error_messages={"required": _("A plan needs at least one price.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
