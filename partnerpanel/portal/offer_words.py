"""An offer as a customer reads it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerpanel.offers.queries.made import MadeOffer
from partnerpanel.offers.rules.offers import pause_until
from partnerpanel.portal.holding import Holding
from partnerpanel.portal.words import day, money, number, price
from subscriptions.queries.changes import plans_at
from subscriptions.queries.coupon_catalogue import coupon_line
from subscriptions.rules.coupons import Discount


def offered_text(partner_id: UUID, made: MadeOffer, holding: Holding) -> str:
    """What somebody gets who takes it, in a sentence; in the open scope."""
    offer, line = made.offer, holding.line
    if offer.coupon_id is not None:
        return discount_text(coupon_line(partner_id, offer.coupon_id).discount)
    if offer.pause_months is not None:
        text = ngettext(
            "Pause for %(n)s month: nothing is charged, and your plan goes on by itself on %(day)s.",
            "Pause for %(n)s months: nothing is charged, and your plan goes on by itself on %(day)s.",
            offer.pause_months,
        )
        until = pause_until(line.term_ends_on, offer.pause_months) if line.term_ends_on else None
        return text % {"n": number(offer.pause_months), "day": day(until)}
    plans = plans_at(partner_id, line.price.currency, [offer.plan_id] if offer.plan_id else [])
    words = {"plan": plans[0].name, "price": price(plans[0].price, plans[0].interval)} if plans else {}
    return _("%(plan)s instead, for %(price)s, from your next period on.") % words if words else ""


def discount_text(discount: Discount) -> str:
    """“Stay, and pay 25 % less for 3 periods.”"""
    less = _less(discount)
    if discount.periods is None:
        return _("Stay, and pay %(less)s for as long as your plan runs.") % {"less": less}
    text = ngettext(
        "Stay, and pay %(less)s for your next period.",
        "Stay, and pay %(less)s for your next %(n)s periods.",
        discount.periods,
    )
    return text % {"less": less, "n": number(discount.periods)}


def discount_with_change(discount: Discount) -> str:
    """“You pay 25 % less for your first 3 periods.”"""
    less = _less(discount)
    if discount.periods is None:
        return _("You pay %(less)s for as long as your plan runs.") % {"less": less}
    text = ngettext(
        "You pay %(less)s for your first period.", "You pay %(less)s for your first %(n)s periods.", discount.periods
    )
    return text % {"less": less, "n": number(discount.periods)}


def _less(discount: Discount) -> str:
    if discount.amount is not None:
        return _("%(amount)s less") % {"amount": money(discount.amount)}
    return _("%(percent)s %% less") % {"percent": number(discount.percent or 0)}
