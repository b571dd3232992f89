"""Finding what became of our questions, at the customer or the charge that they were about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import stripe

from billing.gateway.port import ChargeAnswer, ChargeStatus, RefundAnswer, RefundStatus
from billing.gateway.stripe import metadata, questions
from billing.gateway.stripe.accounts import Connection, connected
from billing.gateway.stripe.answers import charge_answer, refund_answer
from billing.gateway.stripe.failures import is_missing, only_reading
from billing.gateway.stripe.states import Kind
from partnerpanel.tenancy.scope import tenant

PAGE = 100
AT_ONCE = 8
# Stripe's clock and ours may differ by this much.
CLOCKS_DIFFER = timedelta(minutes=10)


def charges(partner_id: UUID, keys: Collection[str]) -> dict[str, ChargeAnswer]:
    """By key; absent is what Stripe has never heard of. Raises GatewayDown. Opens scopes of its own."""
    found: dict[str, ChargeAnswer] = {}
    for intent in _found(partner_id, Kind.CHARGE, keys):
        answer = charge_answer(intent)
        key = intent["metadata"][metadata.KEY]
        # Newest first. One that nobody confirmed says nothing; money that was taken is never passed over.
        if answer.status is ChargeStatus.SUCCEEDED or (answer.status is not ChargeStatus.UNKNOWN and key not in found):
            found[key] = answer
    return found


def refunds(partner_id: UUID, keys: Collection[str]) -> dict[str, RefundAnswer]:
    """The same for refunds."""
    found: dict[str, RefundAnswer] = {}
    for refund in _found(partner_id, Kind.REFUND, keys):
        answer = refund_answer(refund)
        key = refund["metadata"][metadata.KEY]
        if key not in found or found[key].status is RefundStatus.FAILED:
            found[key] = answer
    return found


def _found(partner_id: UUID, kind: Kind, keys: Collection[str]) -> Iterator[dict[str, Any]]:
    if not keys:
        return
    connection = connected(partner_id)
    with tenant(partner_id):
        asked = questions.read(partner_id, kind, keys)
    oldest_at: dict[str, int] = {}
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for row in asked:
        oldest_at.setdefault(row.about, int((row.asked_at - CLOCKS_DIFFER).timestamp()))
        wanted[row.about].add(row.key)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        lists = [threads.submit(_listed, connection, kind, about, oldest_at[about]) for about in wanted]
        found = [(its_keys, one.result()) for its_keys, one in zip(wanted.values(), lists, strict=True)]
    for its_keys, listed in found:
        for one in listed:
            if metadata.is_mine(one, partner_id) and one["metadata"].get(metadata.KEY) in its_keys:
                yield one


def _listed(connection: Connection, kind: Kind, about: str, since: int) -> list[dict[str, Any]]:
    """Newest first. What Stripe does not know has nothing."""
    api = connection.client.v1
    created: Any = {"created": {"gte": since}, "limit": PAGE}
    with only_reading():
        try:
            page: Any = (
                api.payment_intents.list(created | {"customer": about})
                if kind is Kind.CHARGE
                else api.refunds.list(created | {"payment_intent": about})
            )
            return [one.to_dict() for one in page.auto_paging_iter()]
        except stripe.InvalidRequestError as error:
            if not is_missing(error):
                raise
            return []
