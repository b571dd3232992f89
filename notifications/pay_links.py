"""Addresses to pay on, for mails that ask for money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from billing.queries.pay_links import Payer, pay_link, takes_cards
from notifications.rules.wordings import PAYABLE
from partnerpanel.tenancy.hosts import at_host

if TYPE_CHECKING:
    from notifications.letters import Occasion


def pay_links_of(partner_id: UUID, occasions: Iterable[Occasion]) -> dict[UUID, str]:
    """By subscription, where the customer pays it; none where the partner takes no cards. In the open scope."""
    payers = {
        id_: Payer(one.customer_id, id_) for one in occasions if one.kind in PAYABLE and (id_ := one.subscription_id)
    }
    if not payers or not takes_cards(partner_id):
        return {}
    at = at_host(partner_id)
    return {id_: pay_link(partner_id, payer, at=at) for id_, payer in payers.items()}
