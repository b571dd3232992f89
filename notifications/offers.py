"""What mails about staying and coming back quote: how much less it costs, for how long, and where that is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from babel import Locale
from babel.numbers import format_decimal, format_percent
from django.conf import settings
from django.urls import reverse

from billing.rules.formats import money_text
from notifications.rules.kinds import MessageKind
from partnerpanel.kernel.ids import public
from partnerpanel.offers.queries.made import coupons_promised
from subscriptions.rules.coupons import WHOLE, Discount

if TYPE_CHECKING:
    from notifications.letters import Occasion

RETURNS = (MessageKind.ENDED, MessageKind.ERASURE_NEAR)


def discounts_of(partner_id: UUID, occasions: Iterable[Occasion]) -> Mapping[str, Discount]:
    """By the id of the offer that an occasion names; in the open scope."""
    wanted = {one.data["offer"] for one in occasions if one.kind is MessageKind.WINBACK and "offer" in one.data}
    return coupons_promised(partner_id, wanted) if wanted else {}


def offer_details(occasion: Occasion, discounts: Mapping[str, Discount], slug: str, locale: Locale) -> dict[str, str]:
    """The values of one text; none for what is about neither."""
    if occasion.kind in RETURNS:
        return {"return.link": f"{settings.PUBLIC_URL}{_way_back(occasion, slug)}"}
    if occasion.kind is not MessageKind.WINBACK or occasion.subscription_id is None:
        return {}
    path = reverse("portal-stay", args=[slug, public("sub", occasion.subscription_id)])
    found = discounts.get(occasion.data.get("offer", ""))
    values = {"stay.link": f"{settings.PUBLIC_URL}{path}", "offer.discount": "", "offer.periods": ""}
    if found is None:
        return values
    less = money_text(found.amount, locale) if found.amount is not None else _percent(found.percent or 0, locale)
    periods = "" if found.periods is None else format_decimal(found.periods, locale=locale)
    return values | {"offer.discount": less, "offer.periods": periods}


def _way_back(occasion: Occasion, slug: str) -> str:
    """The page on which it is taken up again; of a whole account, the one that shows all it had."""
    if occasion.subscription_id is None:
        return reverse("portal-plan", args=[slug])
    return reverse("portal-return", args=[slug, public("sub", occasion.subscription_id)])


def _percent(part: int, locale: Locale) -> str:
    return str(format_percent(part / WHOLE, locale=locale))
