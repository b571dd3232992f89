"""What mails about usage quote: an allowance, how much of it is used, and what of it can be bought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from babel import Locale
from babel.numbers import format_decimal

from billing.rules.formats import money_text
from notifications.rules.kinds import MessageKind
from subscriptions.queries.packs import packs_for
from subscriptions.rules.addons import AddonOffer

if TYPE_CHECKING:
    from notifications.letters import Occasion

Packs = Mapping[UUID, Sequence[AddonOffer]]


def packs_offered(partner_id: UUID, occasions: Iterable[Occasion]) -> Packs:
    """By subscription, the packs that are sold with its plan; in the open scope."""
    wanted = {one.object_id for one in occasions if one.kind is MessageKind.USAGE_ALERT}
    return packs_for(partner_id, wanted) if wanted else {}


def usage_details(occasion: Occasion, packs: Packs, locale: Locale) -> dict[str, str]:
    """The values of one text; none for what is not about usage."""
    if occasion.kind is not MessageKind.USAGE_ALERT:
        return {}
    data = occasion.data
    name = data["allowance"]
    offered = [one for one in packs.get(occasion.object_id, ()) if any(name == topped for topped, _ in one.allowances)]
    return {
        "allowance.name": name,
        "allowance.used": format_decimal(data["used"], locale=locale),
        "allowance.limit": format_decimal(data["limit"], locale=locale),
        "allowance.packs": "\n".join(f"{one.name}: {money_text(one.price, locale)}" for one in offered),
    }
