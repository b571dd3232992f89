"""New subscriptions, with their term, holds and service account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_objects
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Hold, Plan, PlanPrice, Subscription, Term
from subscriptions.provisioning.accounts import new_account, terms_of
from subscriptions.rules.facts import AccessState
from subscriptions.rules.movements import counted, said
from subscriptions.rules.recurring import monthly_value
from subscriptions.rules.service_states import ServiceState, desired_state
from subscriptions.rules.start import InvalidSubscription, NewSubscription, anchor_of, checked, current_term
from subscriptions.rules.states import Access, HoldKind, Lifecycle, access_of, counts_as_suspended
from subscriptions.services.standing import refresh_standings


def create_subscriptions(
    new: Sequence[NewSubscription],
    *,
    actor: Actor,
    now: datetime,
    action_id: UUID | None = None,
    running_at: datetime | None = None,
) -> list[UUID]:
    """Writes subscriptions with their events in the open scope; ids come in the order given.

    Their term is the one that runs now, or at `running_at` where they were sold in the past. One with a service
    account is held by `provisioning` until the account is set up. Raises InvalidSubscription naming the field,
    NotFound for a plan or customer of nobody, Conflict for a plan that changes just now; then none is written. Holds
    on a customer block its new ones too.
    """
    partner_id, action_id = actor.partner_id, action_id or uuid7()
    wide = _holds_of_customers(partner_id, {one.customer_id for one in new})
    plans = {plan.pk: plan for plan in _PLANS(partner_id, {one.plan_id for one in new})}
    prices = _prices(partner_id, plans)
    rows, terms, holds, drafts = [], [], [], []
    with_account: list[tuple[Subscription, ServiceState]] = []
    for one in new:
        checked(one)
        plan = plans.get(one.plan_id)
        if plan is None:
            raise NotFound("There is no such plan.", field="plan")
        amount = one.price.amount if one.price else prices.get((plan.pk, one.currency))
        if amount is None:
            raise InvalidSubscription(f"The plan “{plan.name}” has no price in {one.currency}.", field="currency")
        kinds = frozenset(kind for kind, _ in one.holds) | wide[one.customer_id]
        paused = one.paused_from is not None and one.paused_from <= now
        wish = desired_state(one.lifecycle, kinds, is_paused=paused)
        account_wanted = one.with_service and wish is not ServiceState.ABSENT
        provisioned_first = account_wanted and wish is ServiceState.ENABLED
        if provisioned_first:
            kinds |= {HoldKind.PROVISIONING}
        access = access_of(one.lifecycle, kinds, is_paused=paused)
        row = _row(one, partner_id, amount, AccessState(access, counts_as_suspended(one.lifecycle, kinds)), now)
        row.renewal_waits = paused
        rows.append(row)
        if term := current_term(one, plan.interval, now=running_at or now):
            terms.append(_term(row, *term, paid_elsewhere=one.paid_elsewhere and one.lifecycle is Lifecycle.ACTIVE))
        reasons = [*one.holds, *([(HoldKind.PROVISIONING, "")] if provisioned_first else [])]
        holds += [_hold(row, kind, reason, action_id, now) for kind, reason in reasons]
        if account_wanted:
            with_account.append((row, wish))
        monthly = monthly_value(row.price, plan.interval, one.net_share)
        nothing = Money.zero(one.currency)
        recurring = nothing if paused else counted(one.lifecycle, monthly)
        row.mrr_amount = recurring.amount
        moved = said(nothing, recurring)
        drafts.append(created_event(one, row.pk, access, **moved))
    insert_objects(rows)
    held = _refuse_moved_intervals(partner_id, plans)
    insert_objects(terms)
    insert_objects(holds)
    insert_objects(
        [new_account(row, desired=wish, terms=terms_of(row, held[row.plan_id]), now=now) for row, wish in with_account]
    )
    record(drafts, actor=actor, action_id=action_id, now=now)
    refresh_standings(partner_id, [one.customer_id for one in new], now=now)
    return [row.pk for row in rows]


def created_event(new: NewSubscription, id_: UUID, access: Access, **moved: Any) -> EventDraft:
    """The first event of a subscription; `moved` is what recurring revenue does with it."""
    data = {"plan": str(new.plan_id), "lifecycle": new.lifecycle, "access": access, **moved}
    return EventDraft("subscription.created", "subscription", id_, 1, new.customer_id, data)


def _refuse_moved_intervals(partner_id: UUID, plans: dict[UUID, Plan]) -> dict[UUID, Plan]:
    """An interval may change until the first sale; from the rows just written on, plans stay as these are."""
    now = {plan.pk: plan for plan in _PLANS(partner_id, plans)}
    if any(now[id_].interval != plan.interval for id_, plan in plans.items()):
        raise Conflict("The plan's interval has just been changed. Nothing was done; try again.", field="plan")
    return now


def _holds_of_customers(partner_id: UUID, customer_ids: set[UUID]) -> dict[UUID, frozenset[HoldKind]]:
    """Kinds of the open holds on the customers themselves, who are locked: none is placed or released meanwhile."""
    if len(identities(partner_id, customer_ids, lock=True)) != len(customer_ids):
        raise NotFound("There is no such customer.", field="customer")
    found: dict[UUID, frozenset[HoldKind]] = dict.fromkeys(customer_ids, frozenset())
    for customer_id, kind in _WIDE(partner_id, customer_ids):
        found[customer_id] |= {HoldKind(kind)}
    return found


def _prices(partner_id: UUID, plans: dict[UUID, Plan]) -> dict[tuple[UUID, str], int]:
    return {(plan, currency): amount for plan, currency, amount in _PRICES(partner_id, plans)}


_PLANS = Read(lambda partner_id, ids: Plan.objects.for_partner(partner_id).filter(pk__among=ids))
_PRICES = Read(
    lambda partner_id, plans: (
        PlanPrice.objects.for_partner(partner_id).filter(plan__among=plans).values_list("plan_id", "currency", "amount")
    )
)
_WIDE = Read(
    lambda partner_id, customer_ids: (
        Hold.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, subscription=None, released_at=None)
        .values_list("customer_id", "kind")
    )
)


def _row(one: NewSubscription, partner_id: UUID, amount: int, state: AccessState, now: datetime) -> Subscription:
    return Subscription(
        id=one.id or uuid7(),
        partner_id=partner_id,
        customer_id=one.customer_id,
        plan_id=one.plan_id,
        quantity=one.quantity,
        currency=one.currency,
        price_amount=amount,
        price_is_agreed=one.price is not None,
        lifecycle=one.lifecycle,
        collection=one.collection,
        access=state.access,
        is_suspended=state.is_suspended,
        timezone=one.timezone,
        anchor_on=anchor_of(one),
        started_at=one.started_at,
        trial_ends_at=one.trial_ends_at,
        ended_at=one.ended_at,
        cancel_at_period_end=one.cancel_at_period_end,
        auto_renew=one.auto_renew,
        paused_from=one.paused_from,
        paused_until=one.paused_until,
        awaits_cut_over=one.awaits_cut_over,
        external_id=one.external_id,
        card_id=one.card_id,
        due_at=None if one.lifecycle is Lifecycle.ENDED else now,
        version=1,
    )


def _term(row: Subscription, number: int, period: Period, *, paid_elsewhere: bool) -> Term:
    starts_at, ends_at = period.instants(row.timezone)
    return Term(
        partner_id=row.partner_id,
        subscription=row,
        number=number,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        starts_at=starts_at,
        ends_at=ends_at,
        paid_elsewhere=row.price.amount if paid_elsewhere else 0,
        paid_until=period.ends_on if paid_elsewhere else None,
    )


def _hold(row: Subscription, kind: HoldKind, reason: str, action_id: UUID, now: datetime) -> Hold:
    return Hold(
        partner_id=row.partner_id,
        customer_id=row.customer_id,
        subscription=row,
        kind=kind,
        reason=reason,
        placed_at=now,
        placed_action_id=action_id,
    )
