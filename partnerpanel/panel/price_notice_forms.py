"""The form of a new price for those who hold a plan."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.changes.price_notice import MOST_NOTICE_DAYS, NOTICE_DAYS, Holders
from partnerpanel.panel.row_fields import PricesField

HOLDERS = [
    (Holders.AT_LIST.value, _("All without a price of their own")),
    (Holders.UNLIKE_LIST.value, _("Only those who pay another price than the plan’s today")),
    (Holders.EVERYBODY.value, _("All, also those with a price of their own")),
]


class PriceNoticeForm(forms.Form):
    prices = PricesField(
        label=_("New price"),
        help_text=_("Of one, for each currency. Who pays in another currency keeps the price."),
        error_messages={"required": _("Give at least one new price.")},
    )
    from_on = forms.DateField(
        label=_("From which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It holds for every period that begins on this day or later."),
        error_messages={"required": _("Say from which day.")},
    )
    notice_days = forms.IntegerField(
        label=_("Notice, in days"),
        min_value=0,
        max_value=MOST_NOTICE_DAYS,
        initial=NOTICE_DAYS,
        widget=forms.NumberInput(attrs={"min": 0}),
        help_text=_("Between the mail and that day lie at least so many days."),
    )
    holders = forms.ChoiceField(
        label=_("For whom"), choices=HOLDERS, widget=forms.RadioSelect, initial=Holders.AT_LIST.value
    )
