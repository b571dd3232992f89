"""Making service accounts what they should be: lease, ask the adapter outside any transaction, settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from customers.queries.erased import erased_among
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.queues.rows import Batch, postpone
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.reads import Read
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.secrets import SecretUnreadable
from subscriptions.models import ServiceAccount
from subscriptions.provisioning.accounts import password_of
from subscriptions.provisioning.internal import InternalService
from subscriptions.provisioning.port import Made, ServiceAdapter, Wanted
from subscriptions.queries.facts import load_facts
from subscriptions.rules.access_plan import AccessPlan, plan_holds
from subscriptions.rules.facts import CustomerFacts
from subscriptions.rules.service_states import ServiceState, ServiceTerms
from subscriptions.rules.states import HoldKind
from subscriptions.services import access

log = structlog.get_logger(__name__)

BATCH = 200
_DUE = Batch(ServiceAccount.objects.all, limit=BATCH)
LEASE_SECONDS = 60
# After the last of them a person is asked.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the adapter was asked for: the state, the password by its number, and the terms as they are kept."""

    state: ServiceState
    password_number: int
    terms: dict[str, Any]


def drain_provisioning(partner_id: UUID, now: datetime) -> int:
    """Works through one batch of accounts that are not what they should be."""
    return make(partner_id, now=now, adapter=InternalService())


def make(partner_id: UUID, *, now: datetime, adapter: ServiceAdapter) -> int:
    """The same with a given adapter; returns how many accounts it took."""
    with tenant(partner_id):
        rows = _DUE.lease(partner_id, now, seconds=LEASE_SECONDS)
    if not rows:
        return 0
    made = _ask(adapter, partner_id, rows)
    asked = {row.pk: Asked(ServiceState(row.desired), row.password_number, row.terms) for row in rows}
    with tenant(partner_id):
        _settle(partner_id, asked, made, now)
    return len(rows)


def _ask(adapter: ServiceAdapter, partner_id: UUID, rows: Sequence[ServiceAccount]) -> dict[UUID, Made]:
    """What the adapter made of each account. One that cannot be asked for does not keep the others waiting."""
    made = {row.pk: Made(row.pk, "The service gave no answer for this account.") for row in rows}
    wanted = []
    for row in rows:
        try:
            state, terms = ServiceState(row.desired), ServiceTerms.of(row.terms)
            wanted.append(Wanted(row.pk, row.username, password_of(row), state, terms))
        except SecretUnreadable as error:
            made[row.pk] = Made(row.pk, str(error))
    try:
        answers = adapter.ensure(partner_id, wanted)
    except Exception as error:
        log.exception("service_unreachable", partner_id=str(partner_id), accounts=len(wanted))
        answers = [Made(one.key, f"The service could not be asked: {type(error).__name__}.") for one in wanted]
    return made | {answer.key: answer for answer in answers}


def _settle(partner_id: UUID, asked: dict[UUID, Asked], made: dict[UUID, Made], now: datetime) -> None:
    actor, action_id = Actor.system(partner_id), uuid7()
    facts = load_facts(partner_id, set(_CUSTOMERS(partner_id, asked)), now=now, lock=True)
    rows = _LOCKED(partner_id, asked)
    done = [row for row in rows if not made[row.pk].error]
    kinds: dict[UUID, str] = {}
    for row in rows:
        row.leased_until = None
        if made[row.pk].error and row.attempts == 0:
            continue  # taken up anew while the adapter worked, so due again already
        if made[row.pk].error:
            postpone(row, error=made[row.pk].error, now=now, waits=WAITS)
        else:
            kinds[row.pk] = _kind(row, asked[row.pk])
            row.actual, row.made_terms, row.changed_at = asked[row.pk].state, asked[row.pk].terms, now
            # One that was renewed while the adapter worked is set in the next round.
            row.password_pending &= row.password_number != asked[row.pk].password_number
            row.version, row.attempts, row.last_error = row.version + 1, 0, ""
            told = row.desired == row.actual and row.terms == row.made_terms and not row.password_pending
            row.due_at = None if told else now
    _forget(partner_id, done)
    columns = [
        "actual",
        "made_terms",
        "password_pending",
        "changed_at",
        "version",
        "attempts",
        "due_at",
        "leased_until",
    ]
    columns += ["parked_at", "last_error", "username", "password_sealed", "endpoint"]
    update_rows(
        ServiceAccount,
        partner_id=partner_id,
        columns=columns,
        rows=[(row.pk, *(getattr(row, name) for name in columns)) for row in rows],
    )
    record(_events(done, kinds), actor=actor, action_id=action_id, now=now)
    enabled = [row for row in done if row.actual == ServiceState.ENABLED]
    plans = _releases(facts, enabled)
    access.apply(plans, actor=actor, action_id=action_id, now=now)


def _forget(partner_id: UUID, rows: Sequence[ServiceAccount]) -> None:
    """The service has let go of these logins; of somebody who is erased, so do we."""
    gone = [row for row in rows if row.actual == ServiceState.ABSENT]
    erased = erased_among(partner_id, {row.subscription.customer_id for row in gone})
    for row in gone:
        if row.subscription.customer_id in erased:
            row.username, row.password_sealed, row.endpoint, row.last_error = "", b"", "", ""


_CUSTOMERS = Read(
    lambda partner_id, ids: (
        ServiceAccount.objects.for_partner(partner_id)
        .filter(pk__among=ids)
        .values_list("subscription__customer_id", flat=True)
    )
)
_LOCKED = Read(
    lambda partner_id, ids: (
        ServiceAccount.objects.for_partner(partner_id)
        .filter(pk__among=ids)
        .select_related("subscription")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
)


def _kind(row: ServiceAccount, asked: Asked) -> str:
    """What happened at the service: another state, or where that stayed a new password or other terms."""
    if row.actual == asked.state and row.password_pending and row.password_number == asked.password_number:
        return "service_account.password_set"
    if row.actual == asked.state and row.made_terms != asked.terms:
        return "service_account.updated"
    return f"service_account.{asked.state.value}"


def _events(rows: Sequence[ServiceAccount], kinds: dict[UUID, str]) -> list[EventDraft]:
    return [
        EventDraft(
            kind=kinds[row.pk],
            object_type="service_account",
            object_id=row.pk,
            sequence=row.version,
            customer_id=row.subscription.customer_id,
            data={"subscription": str(row.subscription_id)},
        )
        for row in rows
    ]


def _releases(facts: dict[UUID, CustomerFacts], rows: Sequence[ServiceAccount]) -> list[AccessPlan]:
    """Set up, so no longer held by `provisioning`."""
    plans = []
    for row in rows:
        customer = facts[row.subscription.customer_id]
        subscription = customer.subscription(row.subscription_id)
        released = tuple(hold for hold in subscription.holds if hold.kind is HoldKind.PROVISIONING)
        if released:
            plans.append(
                plan_holds(
                    customer,
                    kind="subscription.provisioned",
                    subscription_id=subscription.id,
                    placed=(),
                    released=released,
                    words={},
                )
            )
    return plans
