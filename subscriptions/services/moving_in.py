"""Imported subscriptions: corrected while they wait, then cut over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db.models import Max

from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import update_rows
from subscriptions.models import Plan, Subscription, Term
from subscriptions.queries.facts import pause_runs
from subscriptions.queries.moving_in import terms_of
from subscriptions.rules.movements import counted, said
from subscriptions.rules.moving_in import SubscriptionTerms, WaitingChange, terms_until
from subscriptions.rules.recurring import monthly_value
from subscriptions.rules.states import Access, Collection, Lifecycle
from subscriptions.services.standing import refresh_standings

BATCH = 1_000
COLUMNS = (
    "plan",
    "currency",
    "price_amount",
    "price_is_agreed",
    "mrr_amount",
    "quantity",
    "lifecycle",
    "cancel_at_period_end",
    "ended_at",
    "access",
    "is_suspended",
    "version",
)


def update_waiting(changes: Sequence[WaitingChange], *, actor: Actor, now: datetime, action_id: UUID) -> None:
    """Writes new terms of subscriptions that wait for their cut-over, in the open scope, with one event each.

    Raises Conflict where one of them waits no longer; then nothing is written.
    """
    partner_id = actor.partner_id
    found = Subscription.objects.for_partner(partner_id).filter(awaits_cut_over=True).select_for_update(of=("self",))
    rows = {row.pk: row for row in found.filter(pk__in=[one.subscription_id for one in changes]).order_by("pk")}
    if len(rows) != len(changes):
        raise Conflict("A subscription waits for its cut-over no longer, so an import leaves it alone.")
    plan_ids = {row.plan_id for row in rows.values()} | {change.terms.plan_id for change in changes}
    plans = Plan.objects.for_partner(partner_id).in_bulk(plan_ids)
    values, drafts = [], []
    for change in changes:
        row, terms = rows[change.subscription_id], change.terms
        over = terms.lifecycle is Lifecycle.ENDED
        monthly = _recurring(terms, plans[terms.plan_id], change.net_share)
        recurring = Money.zero(terms.currency) if pause_runs(row, now) else monthly
        values.append(
            (
                row.pk,
                terms.plan_id,
                terms.currency,
                terms.price_amount,
                terms.is_agreed,
                recurring.amount,
                terms.quantity,
                terms.lifecycle,
                terms.cancel_at_period_end,
                (row.ended_at or change.ended_at) if over else None,
                Access.BLOCKED if over else row.access,
                row.is_suspended and not over,
                row.version + 1,
            )
        )
        held = terms_of(row)
        moved = said(row.mrr, recurring)
        data = {"before": _said(held), "after": _said(terms), **moved}
        drafts.append(
            EventDraft("subscription.updated", "subscription", row.pk, row.version + 1, row.customer_id, data)
        )
    update_rows(Subscription, partner_id=partner_id, columns=COLUMNS, rows=values)
    record(drafts, actor=actor, action_id=action_id, now=now)
    refresh_standings(partner_id, {row.customer_id for row in rows.values()}, now=now)


def cut_over(*, limit: int, actor: Actor, now: datetime, action_id: UUID) -> list[UUID]:
    """Lets up to `limit` waiting subscriptions be billed from their next period on; returns their ids.

    In the open scope, with one event each. Periods that passed while they waited become terms without an invoice:
    they were billed elsewhere.
    """
    partner_id = actor.partner_id
    waiting = Subscription.objects.for_partner(partner_id).filter(awaits_cut_over=True).order_by("pk")
    page = dict(waiting.values_list("pk", "customer_id")[:limit])
    identities(partner_id, set(page.values()), lock=True)
    rows = list(waiting.filter(pk__in=page).select_related("plan").select_for_update(of=("self",)))
    _open_terms(rows, now)
    _note_paid(rows, now)
    values = [(row.pk, False, row.version + 1, now) for row in rows]
    update_rows(Subscription, partner_id=partner_id, columns=["awaits_cut_over", "version", "due_at"], rows=values)
    drafts = [
        EventDraft("subscription.cut_over", "subscription", row.pk, row.version + 1, row.customer_id) for row in rows
    ]
    record(drafts, actor=actor, action_id=action_id, now=now)
    refresh_standings(partner_id, {row.customer_id for row in rows}, now=now)
    return [row.pk for row in rows]


def _open_terms(rows: Sequence[Subscription], now: datetime) -> None:
    if not rows:
        return
    newest = Term.objects.for_partner(rows[0].partner_id).filter(subscription__in=rows).values("subscription_id")
    numbers = dict(newest.annotate(number=Max("number")).values_list("subscription_id", "number"))
    terms = []
    for row in rows:
        if row.pk not in numbers:
            continue
        for number, period in terms_until(
            lifecycle=Lifecycle(row.lifecycle),
            anchor=row.anchor_on,
            interval=row.plan.interval,
            last_number=numbers[row.pk],
            timezone=row.timezone,
            now=now,
        ):
            starts_at, ends_at = period.instants(row.timezone)
            terms.append(
                Term(
                    partner_id=row.partner_id,
                    subscription=row,
                    number=number,
                    starts_on=period.starts_on,
                    ends_on=period.ends_on,
                    starts_at=starts_at,
                    ends_at=ends_at,
                )
            )
    Term.objects.bulk_create(terms, batch_size=BATCH)


def _note_paid(rows: Sequence[Subscription], now: datetime) -> None:
    """The term that runs was paid where they came from: what is unused of it can be given back here."""
    paid = {row.pk: row for row in rows if row.lifecycle == Lifecycle.ACTIVE and row.collection == Collection.CURRENT}
    if not paid:
        return
    partner_id = rows[0].partner_id
    running = Term.objects.for_partner(partner_id).filter(
        subscription__in=paid, starts_at__lte=now, ends_at__gt=now, paid_elsewhere=0
    )
    columns = ["paid_elsewhere", "paid_until"]
    values = [(term.pk, paid[term.subscription_id].price.amount, term.ends_on) for term in running]
    update_rows(Term, partner_id=partner_id, columns=columns, rows=values)


def _recurring(terms: SubscriptionTerms, plan: Plan, net_share: Fraction) -> Money:
    price = Money(terms.price_amount * terms.quantity, terms.currency)
    return counted(terms.lifecycle, monthly_value(price, plan.interval, net_share))


def _said(terms: SubscriptionTerms) -> dict[str, object]:
    return {
        "plan": str(terms.plan_id),
        "price": {"amount": terms.price_amount, "currency": terms.currency},
        "quantity": terms.quantity,
        "lifecycle": str(terms.lifecycle),
        "cancel_at_period_end": terms.cancel_at_period_end,
    }
