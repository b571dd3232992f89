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
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import load_facts


def carry_out(deeds: Sequence[Deed], ids: Mapping[str, UUID], office: Office) -> None:
    """Does them in order, each at its own time and with all that follows from it."""
    for deed in deeds:
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
