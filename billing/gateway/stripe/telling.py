"""Disputes and payment methods as they stand at Stripe now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import stripe

from billing.disputes.states import DisputeStatus
from billing.gateway.news import DisputedCharge
from billing.gateway.port import DisputeNews, MethodFacts
from billing.gateway.stripe import metadata
from billing.gateway.stripe.accounts import connected, connection_of
from billing.gateway.stripe.amounts import from_stripe
from billing.gateway.stripe.answers import instant, method_facts
from billing.gateway.stripe.failures import is_missing, only_reading
from partnerpanel.kernel.clock import system_now

PAGE = 100
# An inquiry (`warning_…`) asks for evidence as a dispute does; closed, it took no money.
_STATUS = {
    "needs_response": DisputeStatus.NEEDS_RESPONSE,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
    "warning_needs_response": DisputeStatus.NEEDS_RESPONSE,
    "warning_under_review": DisputeStatus.UNDER_REVIEW,
    "warning_closed": DisputeStatus.WON,
    "prevented": DisputeStatus.WON,
}


def dispute(partner_id: UUID, about: str) -> DisputedCharge | None:
    """None for one of a charge that is not this partner's. Raises GatewayDown; KeyError for a status never heard of."""
    api = connected(partner_id).client.v1
    said = _found(lambda: api.disputes.retrieve(about, {"expand": ["payment_intent"]}))
    return _mine(partner_id, said) if said is not None else None


def disputes_since(partner_id: UUID, since: datetime) -> list[DisputedCharge]:
    """Nothing without an account. Raises GatewayDown."""
    connection = connection_of(partner_id)
    if connection is None:
        return []
    wanted: Any = {"created": {"gte": int(since.timestamp())}, "limit": PAGE, "expand": ["data.payment_intent"]}
    with only_reading():
        page = connection.client.v1.disputes.list(wanted)
        found = [_mine(partner_id, one.to_dict()) for one in page.auto_paging_iter()]
    return [one for one in found if one is not None]


def _mine(partner_id: UUID, said: dict[str, Any]) -> DisputedCharge | None:
    intent = said.get("payment_intent")
    if not isinstance(intent, dict) or not metadata.is_mine(intent, partner_id):
        return None
    return DisputedCharge(intent["metadata"].get(metadata.KEY, ""), dispute_news(said, intent["id"]))


def dispute_news(said: dict[str, Any], charge: str) -> DisputeNews:
    """What Stripe says of a dispute at this moment."""
    due_by = (said.get("evidence_details") or {}).get("due_by")
    return DisputeNews(
        id=said["id"],
        charge=charge,
        status=_STATUS[said["status"]],
        amount=from_stripe(said["amount"], said["currency"]),
        opened_at=instant(said["created"]),
        said_at=system_now(),
        reason=said.get("reason") or "",
        evidence_due_on=instant(due_by).date() if due_by else None,
    )


def method(partner_id: UUID, about: str) -> MethodFacts | None:
    """None for one that belongs to no customer of Stripe's any more. Raises GatewayDown."""
    said = _found(lambda: connected(partner_id).client.v1.payment_methods.retrieve(about))
    return method_facts(said) if said is not None and said.get("customer") else None


def _found(ask: Any) -> dict[str, Any] | None:
    with only_reading():
        try:
            return dict(ask().to_dict())
        except stripe.InvalidRequestError as error:
            if is_missing(error):
                return None
            raise
