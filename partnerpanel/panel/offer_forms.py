"""Forms of offers and of reasons why somebody leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.money import InvalidMoney
from partnerpanel.offers.rules.offers import (
    LAST_PLACE,
    MOST_MONTHS,
    NAME_LENGTH,
    PAUSES,
    Conditions,
    Moment,
    Offer,
    OfferKind,
    Rule,
)
from partnerpanel.offers.rules.survey import LABEL_LENGTH, Reason
from partnerpanel.offers.services.offer_rules import RuleTerms
from partnerpanel.panel.money_input import amount_text, read_amount
from partnerpanel.panel.offer_words import KINDS, MOMENTS

Choices = Sequence[tuple[str, Any]]
NOTHING = ("", "–")


def _months(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_MONTHS, required=False, **more)


class OfferForm(forms.Form):
    """What is offered, when, and to whom. What is left empty is no condition."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, help_text=_("For your team; no customer reads it."))
    moment = forms.ChoiceField(label=_("Shown"), choices=[(one.value, text) for one, text in MOMENTS.items()])
    position = forms.IntegerField(
        label=_("Place"),
        min_value=1,
        max_value=LAST_PLACE,
        initial=1,
        help_text=_("Of several that fit, the one with the lowest number is shown."),
    )
    kind = forms.ChoiceField(label=_("Offer"), choices=[(one.value, text) for one, text in KINDS.items()])
    coupon = forms.ChoiceField(label=_("Coupon"), required=False)
    pause_months = forms.TypedChoiceField(
        label=_("Months of pause"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[NOTHING, *((str(one), str(one)) for one in PAUSES)],
    )
    plan = forms.ChoiceField(label=_("Smaller plan"), required=False, help_text=_("From the next period on."))
    reasons = forms.MultipleChoiceField(
        label=_("Only for these reasons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    plans = forms.MultipleChoiceField(
        label=_("Only on these plans"), required=False, widget=forms.CheckboxSelectMultiple
    )
    to_plans = forms.MultipleChoiceField(
        label=_("For changing to these plans"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only where it is shown to somebody who changes to a better plan."),
    )
    until_on = forms.DateField(
        label=_("Before"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    months_from = _months(_("Paid months: at least"))
    months_to = _months(_("Paid months: at most"))
    price_from = forms.CharField(label=_("Price of a period: at least"), max_length=30, required=False)
    price_to = forms.CharField(label=_("Price of a period: at most"), max_length=30, required=False)
    currency = forms.ChoiceField(label=_("Currency of these prices"), required=False)
    rest_months = _months(
        _("Not after another offer within"),
        help_text=_("Months. Nobody takes the same offer twice on a subscription."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        coupons: Choices,
        plans: Choices,
        fits: Choices,
        reasons: Choices,
        currencies: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = {
            "coupon": [NOTHING, *coupons],
            "plan": [NOTHING, *plans],
            "plans": fits,
            "to_plans": plans,
            "reasons": reasons,
            "currency": [(one, one) for one in currencies],
        }
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Prices as money; what its kind needs is asked for."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("price_from", "price_to"):
            try:
                data[name] = read_amount(data[name], data.get("currency", "")) if data.get(name) else None
            except InvalidMoney as error:
                self.add_error(name, error.message)
        needed = {OfferKind.COUPON: "coupon", OfferKind.PAUSE: "pause_months", OfferKind.PLAN: "plan"}
        field = needed.get(OfferKind(data["kind"])) if data.get("kind") else None
        if field and not data.get(field) and field not in self.errors:
            self.add_error(field, _("Choose what is offered."))
        return data

    def terms(self, *, is_on: bool) -> RuleTerms:
        """Of a valid form. Raises NotFound."""
        data = self.cleaned_data
        return RuleTerms(
            Moment(data["moment"]), data["name"], self._offer(), self._conditions(), data["position"], is_on
        )

    def _offer(self) -> Offer:
        data, kind = self.cleaned_data, OfferKind(self.cleaned_data["kind"])
        return Offer(
            kind,
            coupon_id=parse("cpn", data["coupon"]) if kind is OfferKind.COUPON else None,
            pause_months=data["pause_months"] if kind is OfferKind.PAUSE else None,
            plan_id=parse("plan", data["plan"]) if kind is OfferKind.PLAN else None,
        )

    def _conditions(self) -> Conditions:
        data = self.cleaned_data
        return Conditions(
            reasons=tuple(data["reasons"]),
            plans=tuple(parse("plan", one) for one in data["plans"] if one.startswith("plan_")),
            products=tuple(parse("prod", one) for one in data["plans"] if one.startswith("prod_")),
            months_from=data["months_from"],
            months_to=data["months_to"],
            price_from=data["price_from"],
            price_to=data["price_to"],
            rest_months=data["rest_months"],
            to_plans=tuple(parse("plan", one) for one in data["to_plans"]),
            until_on=data["until_on"],
        )


def initial_of(rule: Rule) -> dict[str, Any]:
    """A rule as the form shows it."""
    offer, wanted = rule.offer, rule.conditions
    price = wanted.price_from or wanted.price_to
    return {
        "name": rule.name,
        "moment": rule.moment.value,
        "position": rule.position,
        "kind": offer.kind.value,
        "coupon": public("cpn", offer.coupon_id) if offer.coupon_id else "",
        "pause_months": str(offer.pause_months or ""),
        "plan": public("plan", offer.plan_id) if offer.plan_id else "",
        "reasons": list(wanted.reasons),
        "plans": [public("plan", one) for one in wanted.plans] + [public("prod", one) for one in wanted.products],
        "to_plans": [public("plan", one) for one in wanted.to_plans],
        "until_on": wanted.until_on,
        "months_from": wanted.months_from,
        "months_to": wanted.months_to,
        "price_from": amount_text(wanted.price_from) if wanted.price_from else "",
        "price_to": amount_text(wanted.price_to) if wanted.price_to else "",
        "currency": price.currency if price else "",
        "rest_months": wanted.rest_months,
        "version": rule.version,
    }


class ReasonForm(forms.Form):
    """A reason in the partner's words, in each language in which customers read."""

    is_on = forms.BooleanField(label=_("Asked"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, name in settings.LANGUAGES:
            self.fields[f"label_{language}"] = forms.CharField(label=name, max_length=LABEL_LENGTH, required=False)

    @property
    def labels(self) -> dict[str, str]:
        """Of a valid form, by language."""
        return {language: self.cleaned_data[f"label_{language}"] for language, _name in settings.LANGUAGES}


def initial_of_reason(reason: Reason) -> dict[str, Any]:
    """A reason as the form shows it."""
    return {"is_on": reason.is_on} | {f"label_{language}": text for language, text in reason.labels.items()}
