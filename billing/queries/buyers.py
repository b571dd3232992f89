"""Customers as a new subscription is planned for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from billing.collection.switch import is_stopped
from billing.methods.models import shown
from billing.methods.queries import default_method_of
from billing.models import Balance
from billing.rules.facts import MethodFacts
from billing.rules.subscribing import Buyer
from billing.tax.queries import taxations_of
from billing.tax.rules.places import UNTAXED
from customers.queries.banned import unsellable
from customers.queries.facts import identities
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.policy.queries import Target, resolve
from subscriptions.queries.facts import load_facts
from subscriptions.queries.names import plans_held
from subscriptions.rules.states import HoldKind


def buyer_of(
    partner_id: UUID, customer_id: UUID, *, plan_id: UUID, currency: str, now: datetime, lock: bool = False
) -> Buyer:
    """In the open scope; `lock` keeps everybody else from changing the customer. Raises NotFound."""
    identity = identities(partner_id, [customer_id], lock=lock).get(customer_id)
    if identity is None:
        raise NotFound("There is no such customer.", field="customer")
    facts = load_facts(partner_id, [customer_id], now=now)[customer_id]
    method = default_method_of(partner_id, [customer_id]).get(customer_id)
    balance = Balance.objects.for_partner(partner_id).filter(customer=customer_id, currency=currency).first()
    [policy] = resolve(partner_id, [Target(plan_id, customer_id)])
    return Buyer(
        customer_id=customer_id,
        name=identity.name,
        zone=identity.timezone,
        policy=policy,
        is_held=any(hold.kind is not HoldKind.PROVISIONING for hold in facts.holds),
        charging_stopped=is_stopped(partner_id),
        plans=plans_held(partner_id, customer_id),
        method=MethodFacts(method.id, method.gateway, method.gateway_ref, shown(method.brand, method.last4))
        if method
        else None,
        balance=Money(balance.amount, currency) if balance and balance.amount else None,
        subscriptions=len(facts.subscriptions),
        unsellable=unsellable(partner_id, [customer_id], lock=lock).get(customer_id, ""),
        tax=taxations_of(partner_id, [customer_id]).get(customer_id, UNTAXED),
    )
