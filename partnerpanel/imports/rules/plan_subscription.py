"""Plans one row's subscription: made, corrected while it waits for the cut-over, or left alone after it."""

from __future__ import annotations

from uuid import UUID

from partnerpanel.imports.rules.cells import label
from partnerpanel.imports.rules.fields import Status
from partnerpanel.imports.rules.held import Held, HeldSubscription
from partnerpanel.imports.rules.mapping import Mapping, Source, SubscriptionFields
from partnerpanel.imports.rules.problems import Unreadable
from partnerpanel.imports.rules.records import Record
from partnerpanel.imports.rules.steps import KnownPlans, NewPlan, Step, SubscriptionStep
from partnerpanel.imports.rules.wanted import WantedSubscription
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval
from subscriptions.rules.moving_in import SubscriptionTerms
from subscriptions.rules.states import Lifecycle


def plan_subscription(
    record: Record, customer_id: UUID | None, *, held: Held, known: KnownPlans, mapping: Mapping
) -> tuple[SubscriptionStep | None, NewPlan | None]:
    """The step, and the plan that has to be made for it. Raises Unreadable for a row that cannot be taken."""
    wanted, fields = record.subscription, mapping.subscription
    if wanted is None or fields is None:
        return None, None
    found = held.subscriptions.get(wanted.external_id)
    if found is not None:
        if found.customer_id != customer_id:
            what, expected = "belongs to another customer's subscription", "a number of its own"
            raise refused(fields.external_id, "external_id", what, wanted.external_id, expected)
        if not found.awaits_cut_over:
            return SubscriptionStep(Step.LEFT_ALONE, found.id), None
        _refuse_forbidden_change(wanted, found, held, fields)
    price, new_plan = _price(wanted, held, known, fields)
    is_agreed = wanted.price is not None
    if found is None:
        return SubscriptionStep(Step.CREATE, None, price, is_agreed), new_plan
    plan = held.plans.get((wanted.product, wanted.plan))
    same = plan is not None and terms_of(wanted, plan.id, price, is_agreed=is_agreed) == found.terms
    return SubscriptionStep(Step.UNCHANGED if same else Step.UPDATE, found.id, price, is_agreed), new_plan


def terms_of(wanted: WantedSubscription, plan_id: UUID, price: Money, *, is_agreed: bool) -> SubscriptionTerms:
    """What the row agrees on, with the plan's id."""
    return SubscriptionTerms(
        plan_id=plan_id,
        currency=wanted.currency,
        price_amount=price.amount,
        is_agreed=is_agreed,
        quantity=wanted.quantity,
        lifecycle=Lifecycle.ENDED if wanted.status is Status.ENDED else Lifecycle.ACTIVE,
        cancel_at_period_end=wanted.status is Status.CANCELLING,
    )


def refused(source: Source | None, field: str, what: str, found: str, expected: str) -> Unreadable:
    """The refusal of a field, named by its columns, or by itself where it has none."""
    return Unreadable((label(source) if source else "") or field, what, found, expected)


def _refuse_forbidden_change(
    wanted: WantedSubscription, found: HeldSubscription, held: Held, fields: SubscriptionFields
) -> None:
    """Terms and dates were made when it was taken over, so interval and start stay, and what ended stays ended."""
    if found.terms.lifecycle is Lifecycle.ENDED and wanted.status is not Status.ENDED:
        what, expected = "wakes a subscription that has ended here", "ended, or an own number for a new subscription"
        raise refused(fields.status, "status", what, wanted.status, expected)
    interval = held.intervals[found.terms.plan_id]
    if interval != wanted.interval:
        what = "differs from the interval taken over before"
        raise refused(fields.interval, "interval", what, said(wanted.interval), said(interval))
    if not wanted.moves_with_now and wanted.started_on != found.started_on:
        what = "differs from the start taken over before"
        raise refused(fields.started_on, "started_on", what, str(wanted.started_on), str(found.started_on))


def _price(
    wanted: WantedSubscription, held: Held, known: KnownPlans, fields: SubscriptionFields
) -> tuple[Money, NewPlan | None]:
    key = (wanted.product, wanted.plan)
    plan, planned = held.plans.get(key), known.get(key)
    interval = plan.interval if plan else planned.interval if planned else wanted.interval
    if interval != wanted.interval:
        what = "is not the interval of its plan"
        raise refused(fields.interval, "interval", what, said(wanted.interval), said(interval))
    if wanted.price is None:
        price = _plans_price(wanted, held, known)
        if price is None:
            what = f"is blank, and the plan has no price in {wanted.currency}"
            raise refused(fields.price, "price", what, "", "an amount such as 29.85")
    else:
        price = wanted.price
    if plan or planned:
        return price, None
    return price, NewPlan(wanted.product, wanted.plan, wanted.interval, wanted.list_price or price)


def _plans_price(wanted: WantedSubscription, held: Held, known: KnownPlans) -> Money | None:
    key = (wanted.product, wanted.plan)
    if plan := held.plans.get(key):
        amount = plan.prices.get(wanted.currency)
        return None if amount is None else Money(amount, wanted.currency)
    if planned := known.get(key):
        return planned.price if planned.price.currency == wanted.currency else None
    return wanted.list_price


def said(interval: Interval) -> str:
    """`month`, `3 months`."""
    return str(interval.unit) if interval.count == 1 else f"{interval.count} {interval.unit}s"
