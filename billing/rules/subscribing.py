"""A new subscription: what was agreed, and what writing it down sets off. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from billing.charging.states import Purpose
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_banned
from billing.rules.facts import BillingFacts, MethodFacts
from billing.rules.first_period import billed_on_day
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan
from billing.rules.start import plan_start
from billing.tax.rules.amounts import net_share
from billing.tax.rules.places import UNTAXED, Taxation
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Unit
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from subscriptions.rules.changes import Deal
from subscriptions.rules.start import MOST_QUANTITY, NewSubscription, anchor_of
from subscriptions.rules.states import Access, Collection, Lifecycle

LONGEST_TRIAL = 730
FURTHEST_START = timedelta(days=730)


class FirstPayment(StrEnum):
    """How the first period is paid: by the card on file at once, or by whoever gets the invoice."""

    CARD = "card"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class StartWish:
    """What was agreed. `starts_on` None is today; `anchor_day` is the day of the month on which it is billed.

    `first_payment` is asked of one that is paid today; later ones follow `auto_renew`.
    """

    deal: Deal
    starts_on: date | None = None
    trial_days: int = 0
    anchor_day: int | None = None
    auto_renew: bool = True
    first_payment: FirstPayment = FirstPayment.CARD


@dataclass(frozen=True, slots=True)
class Buyer:
    """The customer of a new subscription, with all that its first invoice depends on.

    `plans` are those of its subscriptions that have not ended, `subscriptions` how many it ever had; `unsellable` is
    the code of why nothing is sold to it, empty where something is.
    """

    customer_id: UUID
    name: str
    zone: str
    policy: ResolvedPolicy
    is_held: bool
    charging_stopped: bool
    plans: tuple[UUID, ...] = ()
    method: MethodFacts | None = None
    balance: Money | None = None
    subscriptions: int = 0
    tax: Taxation = UNTAXED
    unsellable: str = ""


def new_subscription(buyer: Buyer, wish: StartWish, *, id_: UUID, now: datetime) -> NewSubscription:
    """What is written down before anything of it happens."""
    deal, interval = wish.deal, wish.deal.plan.interval
    today = local_date(now, buyer.zone)
    starts_on = wish.starts_on or today
    trial_ends_on = starts_on + timedelta(days=wish.trial_days) if wish.trial_days else None
    anchor_on = None
    if wish.anchor_day is not None and _has_days(wish):
        anchor_on = billed_on_day(wish.anchor_day, starts_on=starts_on, interval=interval)
    return NewSubscription(
        id=id_,
        customer_id=buyer.customer_id,
        plan_id=deal.plan.id,
        currency=deal.plan.price.currency,
        timezone=buyer.zone,
        started_at=now if starts_on == today else start_of_day(starts_on, buyer.zone),
        quantity=deal.quantity,
        price=deal.plan.price if deal.is_agreed else None,
        anchor_on=anchor_on,
        lifecycle=Lifecycle.SCHEDULED,
        trial_ends_at=start_of_day(trial_ends_on, buyer.zone) if trial_ends_on else None,
        auto_renew=wish.auto_renew,
    )


def facts_of(buyer: Buyer, new: NewSubscription, deal: Deal) -> BillingFacts:
    """The subscription as it stands once it is written down and nothing else happened."""
    if new.id is None:
        raise ValueError("a subscription that is planned has its id")
    return BillingFacts(
        subscription_id=new.id,
        customer_id=buyer.customer_id,
        version=1,
        plan_id=deal.plan.id,
        plan_name=deal.plan.name,
        interval=deal.plan.interval,
        quantity=deal.quantity,
        price=deal.price,
        lifecycle=Lifecycle.SCHEDULED,
        collection=Collection.CURRENT,
        zone=new.timezone,
        anchor_on=anchor_of(new),
        term=None,
        auto_renew=new.auto_renew,
        cancel_at_period_end=False,
        is_paused=False,
        is_held=buyer.is_held,
        renewal_waits=False,
        reminded_on=None,
        recurring=Money.zero(deal.price.currency),
        policy=buyer.policy,
        method=buyer.method,
        balance=buyer.balance,
        charging_stopped=buyer.charging_stopped,
        access=Access.BLOCKED,
        starts_at=new.started_at,
        trial_ends_at=new.trial_ends_at,
        tax=buyer.tax,
        net_share=net_share(buyer.tax.on(local_date(new.started_at, new.timezone))),
    )


def plan_subscription(buyer: Buyer, facts: BillingFacts, wish: StartWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """What happens today: nothing but the agreement, the trial's beginning, or the first invoice and its charge.

    Raises CannotChange, naming the field that is wrong, or where it would be charged and nobody may be.
    """
    refuse_banned(buyer.unsellable)
    _refuse(wish, facts.today(now))
    cautions: list[ChangeCaution] = []
    if wish.deal.plan.id in buyer.plans:
        cautions.append(ChangeCaution.HAS_THIS_PLAN)
    if facts.starts_at is not None and facts.starts_at > now:
        event = own_event(
            facts,
            "subscription.start_scheduled",
            on=local_date(facts.starts_at, facts.zone).isoformat(),
            price=[wish.deal.price.amount, wish.deal.price.currency],
        )
        cautions += [ChangeCaution.NO_CARD_LATER] if facts.method is None and wish.auto_renew else []
        return Planned(BillingPlan(facts, events=(event,)), wish.deal, at_once=False, cautions=tuple(cautions))
    by_card = wish.first_payment is FirstPayment.CARD
    plan = plan_start(
        replace(facts, auto_renew=by_card), now=now, ids=(ids.document, ids.attempt), purpose=Purpose.ASKED
    )
    plan = replace(plan, facts=facts)
    keys: tuple[str, ...] = ()
    if facts.trial_ends_at is not None:
        cautions += [ChangeCaution.NO_CARD_LATER] if facts.method is None and wish.auto_renew else []
    elif plan.invoice is not None and plan.invoice.due:
        if facts.is_held:
            raise CannotChange("held", "Nobody who is suspended is charged. Reactivate the customer first.")
        if facts.charging_stopped and plan.attempt is not None:
            raise CannotChange("charging_stopped", "Charging is stopped: nobody is charged until it goes on.")
        cautions.append(ChangeCaution.NOTHING_BEFORE_PAYMENT)
        cautions += [ChangeCaution.NO_CARD] if by_card and plan.attempt is None else []
        keys = ("grace.days", "retry.offsets_days") if plan.attempt else ("grace.days",)
    return Planned(plan, wish.deal, keys=keys, cautions=tuple(cautions))


def _refuse(wish: StartWish, today: date) -> None:
    plan = wish.deal.plan
    if not 1 <= wish.deal.quantity <= MOST_QUANTITY:
        raise CannotChange("quantity", "A quantity is from 1 to 1,000,000.", field="quantity")
    if not plan.is_sellable:
        raise CannotChange("not_sellable", f"{plan.name} is archived and not sold any more.", field="plan")
    if not 0 <= wish.trial_days <= LONGEST_TRIAL:
        raise CannotChange("trial_days", f"A trial lasts at most {LONGEST_TRIAL} days.", field="trial_days")
    starts_on = wish.starts_on or today
    if starts_on < today:
        raise CannotChange("starts_on", "It starts today or later.", field="starts_on")
    if starts_on > today + FURTHEST_START:
        raise CannotChange("starts_on", "It starts within two years.", field="starts_on")
    if wish.anchor_day is None:
        return
    if wish.trial_days:
        message = "A trial is followed by a whole period: choose a trial or a billing day."
        raise CannotChange("anchor_day", message, field="anchor_day")
    if not _has_days(wish):
        raise CannotChange("anchor_day", "It is billed on a day of the month, 1 to 31.", field="anchor_day")


def _has_days(wish: StartWish) -> bool:
    """Whether it can be billed on the day of the month that was asked for."""
    is_day = wish.anchor_day is not None and 1 <= wish.anchor_day <= 31
    return is_day and wish.deal.plan.interval.unit in (Unit.MONTH, Unit.YEAR)
