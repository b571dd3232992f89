"""Rules of offers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerpanel.kernel.ids import public
from partnerpanel.offers.queries.offer_rules import RuleLine
from partnerpanel.offers.rules.offers import Conditions, Moment, OfferKind
from partnerpanel.panel.templatetags.formats import day, money_text, number

MOMENTS: Mapping[Moment, Any] = {
    Moment.LEAVING: gettext_lazy("While a customer cancels in the portal"),
    Moment.BEFORE_END: gettext_lazy("In the mail before a cancelled plan ends"),
    Moment.AFTER_END: gettext_lazy("When somebody comes back after the end"),
    Moment.UPGRADE: gettext_lazy("When somebody changes to a better plan"),
}
KINDS: Mapping[OfferKind, Any] = {
    OfferKind.COUPON: gettext_lazy("A coupon"),
    OfferKind.PAUSE: gettext_lazy("A pause"),
    OfferKind.PLAN: gettext_lazy("A smaller plan"),
}
# The conditions that somebody does not meet, for the preview.
UNMET: Mapping[str, Any] = {
    "plans": gettext_lazy("on another plan"),
    "months_from": gettext_lazy("has not paid for long enough"),
    "months_to": gettext_lazy("has paid for longer"),
    "price": gettext_lazy("pays another price"),
    "rest_months": gettext_lazy("took an offer not long ago"),
    "until_on": gettext_lazy("too late"),
}


def offer_text(line: RuleLine) -> str:
    """“Coupon SPRING”, “2 months of pause”, “Plan Basic”."""
    kind = line.rule.offer.kind
    if kind is OfferKind.PAUSE:
        months = line.rule.offer.pause_months or 0
        return ngettext("%(n)s month of pause", "%(n)s months of pause", months) % {"n": number(months)}
    if kind is OfferKind.COUPON:
        return _("Coupon %(code)s") % {"code": line.what}
    return _("Plan %(name)s") % {"name": line.what}


def condition_texts(wanted: Conditions, *, reasons: Mapping[str, str], plans: Mapping[Any, str]) -> Iterator[str]:
    """Each condition as a short phrase; `plans` are names of plans and products by id."""
    if wanted.reasons:
        yield _("for: %(reasons)s") % {"reasons": ", ".join(reasons.get(one, one) for one in wanted.reasons)}
    if wanted.plans or wanted.products:
        names = [plans.get(one, "") for one in (*wanted.products, *wanted.plans)]
        yield _("on: %(plans)s") % {"plans": ", ".join(name for name in names if name)}
    if wanted.months_from is not None:
        least = ngettext("at least %(n)s paid month", "at least %(n)s paid months", wanted.months_from)
        yield least % {"n": number(wanted.months_from)}
    if wanted.months_to is not None:
        most = ngettext("at most %(n)s paid month", "at most %(n)s paid months", wanted.months_to)
        yield most % {"n": number(wanted.months_to)}
    if wanted.price_from is not None:
        yield _("from %(price)s") % {"price": money_text(wanted.price_from)}
    if wanted.price_to is not None:
        yield _("up to %(price)s") % {"price": money_text(wanted.price_to)}
    if wanted.rest_months:
        rest = ngettext("no other offer for %(n)s month", "no other offer for %(n)s months", wanted.rest_months)
        yield rest % {"n": number(wanted.rest_months)}
    if wanted.to_plans:
        yield _("to %(plans)s") % {"plans": ", ".join(plans.get(one, "") for one in wanted.to_plans)}
    if wanted.until_on:
        yield _("before %(day)s") % {"day": day(wanted.until_on)}


def rule_row(line: RuleLine, *, reasons: Mapping[str, str], plans: Mapping[Any, str]) -> dict[str, Any]:
    """A rule as the settings list it."""
    rule = line.rule
    phrases = list(condition_texts(rule.conditions, reasons=reasons, plans=plans)) or [_("for everybody")]
    shown = ngettext("shown %(n)s time", "shown %(n)s times", line.shown) % {"n": number(line.shown)}
    taken = ngettext("taken %(n)s time", "taken %(n)s times", line.taken) % {"n": number(line.taken)}
    return {
        "id": public("ofr", rule.id),
        "name": rule.name,
        "moment": MOMENTS[rule.moment],
        "position": number(rule.position),
        "offer": offer_text(line),
        "is_on": rule.is_on,
        "told": " · ".join([*phrases, shown, taken]),
    }
