"""Our customers at Stripe: made when they are first charged, or adopted by their ids."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import stripe

from billing.gateway.refusals import GatewayDown
from billing.gateway.stripe import metadata, questions
from billing.gateway.stripe.accounts import Connection
from billing.gateway.stripe.failures import is_turned_away, patiently
from partnerpanel.tenancy.scope import tenant

AT_ONCE = 8
# A task is cut off after half a minute, and has still to charge somebody.
MAKE_WITHIN_SECONDS = 6.0


def refs_for(connection: Connection, customers: Collection[str]) -> dict[str, str]:
    """Stripe's id of each customer; who is not there yet is made, as many as there is time for: others are absent.

    Raises GatewayDown where nobody is reached, which being turned away for a moment is not. Opens scopes of its own.
    """
    wanted = set(customers)
    with tenant(connection.partner_id):
        refs = questions.refs_of(connection.partner_id, connection.account, wanted)
    new = wanted - refs.keys()
    if not new:
        return refs
    made, down = _make_all(connection, sorted(new))
    if down is not None and not made and not isinstance(down, TurnedAway):
        raise down
    with tenant(connection.partner_id):
        questions.remember_refs(connection.partner_id, connection.account, made)
        return questions.refs_of(connection.partner_id, connection.account, wanted)


class TurnedAway(GatewayDown):
    """Stripe takes no more at this moment."""


def _make_all(connection: Connection, customers: Sequence[str]) -> tuple[dict[str, str], GatewayDown | None]:
    """What was made, and why the rest was not; what is made already is made once, however often it is asked for."""
    until = time.monotonic() + MAKE_WITHIN_SECONDS
    made: dict[str, str] = {}
    for start in range(0, len(customers), AT_ONCE):
        some = customers[start : start + AT_ONCE]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            asked = {customer: threads.submit(_make, connection, customer) for customer in some}
        failed = [error for one in asked.values() if isinstance(error := one.exception(), GatewayDown)]
        made |= {customer: one.result() for customer, one in asked.items() if one.exception() not in failed}
        if failed:
            return made, failed[0]
        if time.monotonic() >= until:
            break
    return made, None


def _make(connection: Connection, customer: str) -> str:
    key = metadata.idempotency_key(connection.partner_id, "customer", customer)
    marks = metadata.marked(connection.partner_id, customer, {}, customer=customer)
    try:
        made = patiently(
            lambda: connection.client.v1.customers.create({"metadata": marks}, {"idempotency_key": key}),
        )
    except stripe.StripeError as error:
        refusal = TurnedAway if is_turned_away(error) else GatewayDown
        raise refusal(f"Stripe makes no customer: {type(error).__name__}.") from error
    return made.id
