"""Hears of changed access and says what the service accounts should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.events.consumers import Consumer, Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.models import Event
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import update_rows
from subscriptions.models import Hold, ServiceAccount
from subscriptions.queries.facts import pause_runs
from subscriptions.rules.service_states import ServiceState, desired_state
from subscriptions.rules.states import Access, HoldKind, Lifecycle

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
    }
)


def handle(events: Sequence[Event], now: datetime) -> None:
    """Sets each account's wish from its subscription as it is now, so the order of events does not matter."""
    partner_id = events[0].partner_id
    accounts = ServiceAccount.objects.for_partner(partner_id).select_for_update(of=("self",))
    rows = list(
        accounts.filter(subscription__in={event.object_id for event in events})
        .select_related("subscription")
        .order_by("pk")
    )
    kinds = _kinds(partner_id, rows)
    changed = []
    for row in rows:
        held, paused = kinds[row.subscription_id], pause_runs(row.subscription, now)
        wish = desired_state(Lifecycle(row.subscription.lifecycle), held, is_paused=paused)
        if wish != row.desired or wish != row.actual:
            changed.append((row.pk, wish, now, 0, None, ""))
    columns = ["desired", "due_at", "attempts", "parked_at", "last_error"]
    if update_rows(ServiceAccount, partner_id=partner_id, columns=columns, rows=changed):
        wake("provisioning", partner_id)


def foresee(drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """One step per account that will be switched, such as “Disable the login u4k7…”."""
    said = {draft.object_id: draft for draft in drafts}
    rows = ServiceAccount.objects.filter(subscription__in=said).order_by("pk")
    steps = {ServiceState.ENABLED: _("Enable the login"), ServiceState.DISABLED: _("Disable the login")}
    found = []
    for row in rows:
        before, after = _switched(said[row.subscription_id], ServiceState(row.desired))
        if after is not None and after != before:
            title = str(steps[ServiceState(after)])
            found.append(Foreseen("step", title, row.username, row.subscription_id))
    return found


def _switched(draft: EventDraft, desired: ServiceState) -> tuple[str | None, str | None]:
    """The account before and after, as the draft says it or as follows from what it is."""
    if "service" in draft.data:
        before, after = draft.data["service"]
        return before, after
    if draft.kind in ("subscription.paused", "subscription.ended"):
        return desired, ServiceState.DISABLED
    again = draft.kind in ("subscription.resumed", "subscription.restored")
    opens = again and draft.data["access"][1] == Access.OPEN
    return (desired, ServiceState.ENABLED) if opens else (None, None)


def _kinds(partner_id: UUID, rows: Sequence[ServiceAccount]) -> dict[UUID, frozenset[HoldKind]]:
    customers = {row.subscription.customer_id for row in rows}
    holds = Hold.objects.for_partner(partner_id).filter(customer__in=customers, released_at=None)
    kinds: defaultdict[tuple[UUID, UUID | None], set[HoldKind]] = defaultdict(set)
    for customer_id, subscription_id, kind in holds.values_list("customer_id", "subscription_id", "kind"):
        kinds[customer_id, subscription_id].add(HoldKind(kind))
    return {
        row.subscription_id: frozenset(
            kinds[row.subscription.customer_id, row.subscription_id] | kinds[row.subscription.customer_id, None]
        )
        for row in rows
    }


CONSUMER = Consumer(name=NAME, kinds=KINDS, handle=handle, foresee=foresee)
