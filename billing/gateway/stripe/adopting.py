"""Customers and cards that Stripe has already, taken over once Stripe has confirmed who belongs to whom."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import stripe

from billing.gateway.port import MethodFacts
from billing.gateway.stripe import questions
from billing.gateway.stripe.accounts import Connection, connected
from billing.gateway.stripe.answers import method_facts
from billing.gateway.stripe.failures import only_reading
from partnerpanel.tenancy.scope import tenant

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Adopted:
    """Our customer, and what Stripe calls it and its card."""

    customer_id: UUID
    ref: str
    method: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What Stripe says of it: the card's facts, or why it cannot be taken over."""

    adopted: Adopted
    facts: MethodFacts | None
    problem: str = ""


def verified(partner_id: UUID, wanted: Sequence[Adopted]) -> list[Verified]:
    """Asks Stripe for each card; writes nothing. Raises GatewayDown. Opens scopes of its own."""
    connection = connected(partner_id)
    with tenant(partner_id):
        customers = [str(one.customer_id) for one in wanted]
        present = questions.refs_of(partner_id, connection.account, customers)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(
            threads.map(lambda one: _verified(connection, one, present.get(str(one.customer_id), one.ref)), wanted)
        )


def remember(partner_id: UUID, account: str, adopted: Sequence[Adopted]) -> None:
    """In the open scope."""
    questions.remember_refs(partner_id, account, {str(one.customer_id): one.ref for one in adopted})


def _verified(connection: Connection, one: Adopted, known_as: str) -> Verified:
    if known_as != one.ref:
        return Verified(one, None, f"the customer is {known_as} at Stripe already")
    with only_reading():
        try:
            method = connection.client.v1.payment_methods.retrieve(one.method).to_dict()
        except stripe.InvalidRequestError:
            return Verified(one, None, f"Stripe has no payment method {one.method}")
    if method.get("customer") != one.ref:
        return Verified(one, None, f"{one.method} does not belong to {one.ref} at Stripe")
    return Verified(one, method_facts(method))
