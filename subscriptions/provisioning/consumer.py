"""Hears of what changes access or terms, and says what the service accounts should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from customers.queries.erased import erased_among
from customers.rules.erasure import ERASED
from partnerpanel.events.consumers import Consumer
from partnerpanel.events.models import Event
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Hold, ServiceAccount
from subscriptions.provisioning.accounts import terms_of
from subscriptions.provisioning.ahead import BEGINNING, foresee
from subscriptions.provisioning.plan_holders import accounts_behind
from subscriptions.queries.addons import extra_allowances, held_addons
from subscriptions.queries.facts import pause_runs
from subscriptions.queries.limits import limits_of, values_of
from subscriptions.rules.service_states import ServiceState, desired_state
from subscriptions.rules.states import HoldKind, Lifecycle

NAME = "provisioning"
KINDS = frozenset(
    {
        "subscription.suspended",
        "subscription.reactivated",
        "subscription.access_changed",
        "subscription.paused",
        "subscription.resumed",
        "subscription.ended",
        "subscription.restored",
        "subscription.restarted",
        "subscription.plan_changed",
        "subscription.rolled_back",
        "subscription.quantity_changed",
        "subscription.grace_started",
        "subscription.limits_lifted",
        "subscription.addon_added",
        "subscription.addons_ended",
        "subscription.limit_set",
        "subscription.limit_lifted",
        "plan.updated",
        ERASED,
    }
)
# Holders of a changed plan that are looked at in one transaction.
CHUNK = 500


def handle(events: Sequence[Event], now: datetime) -> set[UUID]:
    """Sets each account's wish from its subscription as it is now, so the order of events does not matter.

    A change of a plan is worked through by so many of its holders at a time, and comes again until all have it.
    """
    partner_id = events[0].partner_id
    plans = {event.object_id: event.pk for event in events if event.object_type == "plan"}
    subscriptions = {event.object_id for event in events if event.object_type == "subscription"}
    chosen = set(_OF_SUBSCRIPTIONS(partner_id, subscriptions)) if subscriptions else set()
    customers = {event.object_id for event in events if event.kind == ERASED}
    chosen |= set(_OF_CUSTOMERS(partner_id, customers)) if customers else set()
    unfinished = set()
    for plan_id, event_id in plans.items():
        behind = accounts_behind(partner_id, plan_id, limit=CHUNK)
        chosen |= set(behind)
        if len(behind) == CHUNK:
            unfinished.add(event_id)
    _wish(partner_id, chosen, now)
    return unfinished


_OF_SUBSCRIPTIONS = Read(
    lambda partner_id, ids: (
        ServiceAccount.objects.for_partner(partner_id).filter(subscription__among=ids).values_list("pk", flat=True)
    )
)
_OF_CUSTOMERS = Read(
    lambda partner_id, ids: (
        ServiceAccount.objects.for_partner(partner_id)
        .filter(subscription__customer__among=ids)
        .values_list("pk", flat=True)
    )
)
_LOCKED = Read(
    lambda partner_id, ids: (
        ServiceAccount.objects.for_partner(partner_id)
        .filter(pk__among=ids)
        .select_for_update(of=("self",))
        .select_related("subscription__plan")
        .order_by("pk")
    )
)
_HOLDS = Read(
    lambda partner_id, customer_ids: (
        Hold.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, released_at=None)
        .values_list("customer_id", "subscription_id", "kind")
    )
)


def _wish(partner_id: UUID, account_ids: Many[UUID], now: datetime) -> None:
    rows = _LOCKED(partner_id, account_ids)
    kinds = _kinds(partner_id, rows)
    addons = held_addons(partner_id, {row.subscription_id for row in rows})
    limits = limits_of(partner_id, {row.subscription_id for row in rows})
    erased = erased_among(partner_id, {row.subscription.customer_id for row in rows})
    changed = []
    for row in rows:
        held, paused = kinds[row.subscription_id], pause_runs(row.subscription, now)
        state = desired_state(Lifecycle(row.subscription.lifecycle), held, is_paused=paused)
        if row.subscription.customer_id in erased:
            state = ServiceState.ABSENT
        extras = extra_allowances(addons.get(row.subscription_id, ()))
        strict = values_of(limits.get(row.subscription_id, {}))
        terms = terms_of(row.subscription, row.subscription.plan, extras, strict).to_keep()
        if (state, terms) != (row.desired, row.terms) or (state, terms) != (row.actual, row.made_terms):
            changed.append((row.pk, state, terms, now, 0, None, ""))
    columns = ["desired", "terms", "due_at", "attempts", "parked_at", "last_error"]
    if update_rows(ServiceAccount, partner_id=partner_id, columns=columns, rows=changed):
        wake("provisioning", partner_id)


def _kinds(partner_id: UUID, rows: Sequence[ServiceAccount]) -> dict[UUID, frozenset[HoldKind]]:
    customers = {row.subscription.customer_id for row in rows}
    kinds: defaultdict[tuple[UUID, UUID | None], set[HoldKind]] = defaultdict(set)
    for customer_id, subscription_id, kind in _HOLDS(partner_id, customers):
        kinds[customer_id, subscription_id].add(HoldKind(kind))
    return {
        row.subscription_id: frozenset(
            kinds[row.subscription.customer_id, row.subscription_id] | kinds[row.subscription.customer_id, None]
        )
        for row in rows
    }


CONSUMER = Consumer(name=NAME, kinds=KINDS, handle=handle, foresee=foresee, foresees=BEGINNING)
