"""Our customers at Stripe: made when they are first charged, or adopted by their ids."""

from __future__ import annotations

from collections.abc import Collection

import stripe

from billing.gateway.refusals import GatewayDown
from billing.gateway.stripe import metadata, questions
from billing.gateway.stripe.accounts import Connection
from billing.gateway.stripe.failures import patiently
from partnerpanel.tenancy.scope import tenant


def refs_for(connection: Connection, customers: Collection[str]) -> dict[str, str]:
    """Stripe's id of each customer; who is not there yet is made. Raises GatewayDown; opens scopes of its own."""
    wanted = set(customers)
    with tenant(connection.partner_id):
        refs = questions.refs_of(connection.partner_id, connection.account, wanted)
    new = wanted - refs.keys()
    if not new:
        return refs
    made = {customer: _make(connection, customer) for customer in sorted(new)}
    with tenant(connection.partner_id):
        questions.remember_refs(connection.partner_id, connection.account, made)
        return questions.refs_of(connection.partner_id, connection.account, wanted)


def _make(connection: Connection, customer: str) -> str:
    key = metadata.idempotency_key(connection.partner_id, "customer", customer)
    marks = metadata.marked(connection.partner_id, customer, {}, customer=customer)
    try:
        made = patiently(
            lambda: connection.client.v1.customers.create({"metadata": marks}, {"idempotency_key": key}),
        )
    except stripe.StripeError as error:
        raise GatewayDown(f"Stripe makes no customer: {type(error).__name__}.") from error
    return made.id
