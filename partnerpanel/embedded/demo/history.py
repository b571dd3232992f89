"""Suspensions and reactivations of the past, through the same door as in the panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from partnerpanel.actions import door
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.embedded.demo.office import Office
from partnerpanel.embedded.demo.shapes import Deed
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import load_facts
from subscriptions.rules.suspension import plan_suspension
from subscriptions.services import access


def relive(deeds: Sequence[Deed], ids: Mapping[str, UUID], office: Office) -> None:
    """Does them in order, each at its own time and with all that follows from it."""
    for deed in deeds:
        if deed.role is None:
            _suspend_unpaid(deed, ids[deed.email], office)
        else:
            verb = _verb(deed, _target(deed, ids[deed.email], office))
            door.commit(verb, quote=None, actor=office.actors[deed.role], now=deed.at)
        office.settle(deed.at)


def _verb(deed: Deed, target: Target) -> Suspend | Reactivate:
    if deed.is_release:
        return Reactivate((target,), frozenset({deed.kind}), deed.reason)
    return Suspend((target,), deed.kind, deed.reason)


def _target(deed: Deed, customer_id: UUID, office: Office) -> Target:
    if deed.is_wide:
        return Target(customer_id)
    with tenant(office.partner.pk):
        facts = load_facts(office.partner.pk, [customer_id], now=deed.at)[customer_id]
    return Target(customer_id, facts.subscriptions[0].id)


def _suspend_unpaid(deed: Deed, customer_id: UUID, office: Office) -> None:
    """What happens at the deadline of the grace period; no person may place this hold."""
    partner_id, target = office.partner.pk, _target(deed, customer_id, office)
    with tenant(partner_id):
        facts = load_facts(partner_id, [customer_id], now=deed.at, lock=True)[customer_id]
        plan = plan_suspension(facts, subscription_id=target.subscription_id, kind=deed.kind, reason=deed.reason)
        access.apply([plan], actor=office.system, action_id=uuid7(), now=deed.at)
