"""What a coupon takes off, and for how long, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerpanel.kernel.ids import public
from partnerpanel.panel.templatetags.formats import day, money_text, number
from subscriptions.queries.coupon_catalogue import CouponLine
from subscriptions.rules.coupons import Discount, HeldCoupon


def discount_text(discount: Discount) -> str:
    """“25 % off”, “€5.00 off”."""
    if discount.amount is not None:
        return _("%(amount)s off") % {"amount": money_text(discount.amount)}
    return _("%(percent)s %% off") % {"percent": discount.percent}


def lasting_text(discount: Discount) -> str:
    """“for 3 periods”, “for as long as it runs”."""
    if discount.periods is None:
        return _("for as long as it runs")
    text = ngettext("for %(n)s period", "for %(n)s periods", discount.periods)
    return text % {"n": number(discount.periods)}


def held_coupon_text(held: HeldCoupon, term: int) -> str:
    """“SPRING · 25 % off, 1 of 3 periods used”, once the term of that number runs."""
    words = {
        "code": held.code,
        "off": discount_text(held.discount),
        "lasts": lasting_text(held.discount),
        "used": number(held.used(term)),
        "periods": number(held.discount.periods or 0),
    }
    if held.discount.periods is None or not held.used(term):
        return _("%(code)s · %(off)s %(lasts)s") % words
    return _("%(code)s · %(off)s, %(used)s of %(periods)s periods used") % words


def coupon_row(line: CouponLine) -> dict[str, Any]:
    """A coupon as the settings list it."""
    days = [_("from %(day)s") % {"day": day(line.from_on)}] if line.from_on else []
    days += [_("before %(day)s") % {"day": day(line.until_on)}] if line.until_on else []
    words = {"n": number(line.redeemed), "most": number(line.most or 0)}
    times = _("redeemed %(n)s of %(most)s times")
    if not line.most:
        times = ngettext("redeemed once", "redeemed %(n)s times", line.redeemed)
    parts = [f"{discount_text(line.discount)} {lasting_text(line.discount)}", ", ".join(line.fits) or _("every plan")]
    return {
        "id": public("cpn", line.id),
        "code": line.code,
        "name": line.name,
        "is_archived": line.is_archived,
        "told": " · ".join([*parts, *days, times % words]),
    }
