"""A new price for what somebody holds, told beforehand; and the announcement taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from billing.rules.changes.dates import term_of
from billing.rules.changes.outcome import ChangeCaution, Planned
from billing.rules.changes.refusals import CannotChange, refuse_unserved
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import period_on
from subscriptions.rules.changes import ChangeState
from subscriptions.rules.next_price import NextPrice, columns_of

NOTICE_DAYS = 30
MOST_NOTICE_DAYS = 730


class Holders(StrEnum):
    """Who gets the new price. `at_list` are all but those with a price of their own, `unlike_list` those of them who
    pay another price than the plan's today, `everybody` those with a price of their own as well."""

    AT_LIST = "at_list"
    UNLIKE_LIST = "unlike_list"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class PriceWish:
    """`unit` is the new price of one in the subscription's currency, None where it is given for other currencies alone;
    `list_price` what the plan costs new customers."""

    unit: Money | None
    list_price: Money | None
    from_on: date
    notice_days: int
    holders: Holders


def plan_price_notice(facts: ChangeFacts, wish: PriceWish, *, now: datetime) -> Planned:
    """The price of all periods that begin on the day or later; nothing is charged or given back for one that runs.

    An earlier announcement gives way. Raises CannotChange with the reason.
    """
    billing = facts.billing
    refuse_unserved(billing)
    unit = _unit(facts, wish)
    _refuse_state(billing)
    _refuse_day(billing, wish, now)
    price = NextPrice(unit, wish.from_on, billing.today(now))
    if billing.next_price and (billing.next_price.unit, billing.next_price.from_on) == (price.unit, price.from_on):
        raise CannotChange("announced_already", "This price is announced for that day already.", field="price")
    first_on = first_period_on(billing, wish.from_on)
    before = billing.next_price
    first = {"on": first_on.isoformat()} if first_on else {}
    event = own_event(
        billing,
        "subscription.price_announced",
        1,
        price=[unit.amount * billing.quantity, unit.currency],
        price_before=[billing.price.amount, billing.price.currency],
        unit=[facts.deal.plan.price.amount, unit.amount, unit.currency],
        since=wish.from_on.isoformat(),
        **first,
        **_said_before(before),
    )
    cautions = (ChangeCaution.DROPS_ANNOUNCED_PRICE,) if before else ()
    plan = BillingPlan(billing, events=(event,), values=columns_of(price))
    deal = replace(facts.deal, plan=replace(facts.deal.plan, price=unit))
    return Planned(plan, deal, at_once=False, cautions=cautions)


def plan_price_withdrawn(facts: ChangeFacts, *, before: NextPrice | None = None, now: datetime) -> Planned:
    """What is announced is not any more; `before` was announced until then and is so again.

    Raises CannotChange where nothing is announced, or a period may cost it already.
    """
    billing = facts.billing
    refuse_unserved(billing)
    announced = billing.next_price
    if announced is None:
        raise CannotChange("nothing_announced", "No new price is announced.")
    if billing.today(now) >= announced.from_on:
        raise CannotChange("price_in_effect", "The new price is in effect since its day. Announce another one.")
    event = own_event(
        billing,
        "subscription.price_withdrawn",
        price=[billing.price.amount, billing.price.currency],
        since=announced.from_on.isoformat(),
    )
    return Planned(BillingPlan(billing, events=(event,), values=columns_of(before)), facts.deal)


def announced_before(data: Mapping[str, Any]) -> NextPrice | None:
    """What an announcement took the place of, by its event."""
    if "replaces" not in data:
        return None
    amount, from_on, announced_on = data["replaces"]
    unit = Money(amount, data["unit"][2])
    return NextPrice(unit, date.fromisoformat(from_on), date.fromisoformat(announced_on))


def first_period_on(facts: BillingFacts, from_on: date) -> date | None:
    """The first day that is billed at a price announced for `from_on`; None in a pause, which may last."""
    if facts.is_paused:
        return None
    ends_on = term_of(facts).period.ends_on
    if ends_on >= from_on:
        return ends_on
    _, period = period_on(anchor=facts.anchor_on, interval=facts.interval, day=from_on)
    return period.starts_on if period.starts_on >= from_on else period.ends_on


def _said_before(before: NextPrice | None) -> dict[str, Any]:
    if before is None:
        return {}
    return {"replaces": [before.unit.amount, before.from_on.isoformat(), before.announced_on.isoformat()]}


def _unit(facts: ChangeFacts, wish: PriceWish) -> Money:
    """The new price of one. Raises CannotChange for whom it is not meant."""
    deal, unit = facts.deal, wish.unit
    if unit is None:
        currency = facts.billing.price.currency
        raise CannotChange("no_price", f"No new price is given in {currency}.", field="price")
    if deal.is_agreed and wish.holders is not Holders.EVERYBODY:
        raise CannotChange("own_price", "It has a price agreed with the customer.", field="holders")
    if wish.holders is Holders.UNLIKE_LIST and deal.plan.price == wish.list_price:
        raise CannotChange("at_list_price", "It costs what the plan costs new customers.", field="holders")
    if deal.plan.price == unit:
        raise CannotChange("same_price", f"It costs {unit} already.", field="price")
    return unit


def _refuse_state(facts: BillingFacts) -> None:
    if facts.awaits_cut_over:
        raise CannotChange("awaits_cut_over", "It is billed here from the cut-over on. Move in first.")
    if facts.cancel_at_period_end:
        raise CannotChange("cancelling", "It is cancelled and ends with its period.")
    if facts.change is not None:
        what = "waits for the next billing" if facts.change.state is ChangeState.SCHEDULED else "waits for its payment"
        raise CannotChange("change_open", f"A change {what}. Drop it first, or let it happen.")
    announced, invoice = facts.next_price, facts.invoice
    if announced is not None and invoice is not None and announced.holds_for(invoice.period.starts_on):
        raise CannotChange("unpaid", "A period at the price announced before is not paid yet. Take its payment first.")


def _refuse_day(facts: BillingFacts, wish: PriceWish, now: datetime) -> None:
    """Never today: a period that begins today may be billed already."""
    earliest = facts.today(now) + timedelta(days=max(wish.notice_days, 1))
    if wish.from_on < earliest:
        message = f"With {wish.notice_days} days’ notice, {earliest:%-d %B %Y} is the first day."
        raise CannotChange("notice_too_short", message, field="from_on")
