"""What a change sets on the day it takes effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from billing.rules.addons import not_fitting, with_addons
from billing.rules.changes.dates import with_the_end
from billing.rules.facts import BillingFacts
from billing.rules.own_events import own_event
from billing.rules.plan import TermDraft, TermMove
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from subscriptions.rules.addons import HeldAddon
from subscriptions.rules.changes import ChangeKind, Deal, OpenChange
from subscriptions.rules.movements import said
from subscriptions.rules.next_price import columns_of

EVENTS = {
    ChangeKind.PLAN: "subscription.plan_changed",
    ChangeKind.ROLLBACK: "subscription.rolled_back",
    ChangeKind.QUANTITY: "subscription.quantity_changed",
    ChangeKind.BILLING_DATE: "subscription.billing_date_moved",
    ChangeKind.ADDON: "subscription.addon_added",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """Columns of the subscription, its dates, the term that begins, and the event that says so.

    `mrr` is what it comes to in a month from then on.
    """

    values: dict[str, Any]
    event: EventDraft
    mrr: Money
    dates: TermMove | None = None
    term: TermDraft | None = None
    addons: tuple[HeldAddon, ...] = ()
    addons_gone: tuple[HeldAddon, ...] = ()

    @property
    def term_number(self) -> int | None:
        return self.term.number if self.term else self.dates.number if self.dates else None


def effect_of(facts: BillingFacts, change: OpenChange, *, number: int = 1, dated: bool = True) -> Effect:
    """The change as it happens; `number` is its event's place among the subscription's own in this plan.

    Without `dated` the term is left to whoever opens the next one.
    """
    if change.addon is not None:
        return _added(facts, change, change.addon, number)
    deal = change.deal
    gone = not_fitting(facts.addons, deal.plan)
    after = on_new_deal(facts, deal)
    values: dict[str, Any] = {
        "plan_id": deal.plan.id,
        "quantity": deal.quantity,
        "price_amount": deal.plan.price.amount,
        "price_is_agreed": deal.is_agreed,
    }
    if change.anchor_on is not None:
        values["anchor_on"] = change.anchor_on
    if facts.next_price and change.kind is not ChangeKind.BILLING_DATE:
        values |= columns_of(None)  # it was announced for another deal
    dates, term = _dates(facts, change) if dated else (None, None)
    if dates or term:
        values["reminded_on"] = None
    moved = said(facts.recurring, after.counts)
    until = term.period if term else dates.period if dates else None
    if until:
        values |= with_the_end(facts, until.ends_on)
    event = own_event(
        facts,
        EVENTS[change.kind],
        number,
        change=str(change.id),
        plan=[str(facts.plan_id), str(deal.plan.id)],
        quantity=[facts.quantity, deal.quantity],
        direction=change.direction.value if change.direction else "",
        price=[deal.price.amount, deal.price.currency],
        **(_said_dates(facts, change, until) if until else {}),
        **({"addons_gone": [str(one.offer.id) for one in gone]} if gone else {}),
        **moved,
    )
    return Effect(values, event, after.mrr, dates, term, addons_gone=gone)


def _added(facts: BillingFacts, change: OpenChange, addon: HeldAddon, number: int) -> Effect:
    after = with_addons(facts, [*facts.addons, addon])
    event = own_event(
        facts,
        EVENTS[ChangeKind.ADDON],
        number,
        change=str(change.id),
        addon=str(addon.offer.id),
        held=str(addon.id),
        quantity=addon.quantity,
        price=[addon.price.amount, addon.price.currency],
        until=addon.until_on.isoformat() if addon.until_on else None,
        **said(facts.recurring, after.counts),
    )
    return Effect({}, event, after.mrr, addons=(addon,))


def _said_dates(facts: BillingFacts, change: OpenChange, period: Period) -> dict[str, Any]:
    anchor = change.anchor_on or facts.anchor_on
    before = {"ends": [facts.term.period.ends_on.isoformat(), period.ends_on.isoformat()]} if facts.term else {}
    return {"on": period.ends_on.isoformat(), "anchor": [facts.anchor_on.isoformat(), anchor.isoformat()], **before}


def on_new_deal(facts: BillingFacts, deal: Deal) -> BillingFacts:
    """The same subscription on another deal, with the add-ons that go with it: what the next term is billed by."""
    gone = not_fitting(facts.addons, deal.plan)
    kept = tuple(one for one in facts.addons if one not in gone)
    return replace(
        facts,
        plan_id=deal.plan.id,
        plan_name=deal.plan.name,
        interval=deal.plan.interval,
        quantity=deal.quantity,
        price=deal.price,
        next_price=None,
        addons=kept,
    )


def _dates(facts: BillingFacts, change: OpenChange) -> tuple[TermMove | None, TermDraft | None]:
    term = facts.term
    if term is None or change.ends_on is None:
        return None, None
    if change.starts_on is not None and change.starts_on > term.period.starts_on:
        cut = Period(term.period.starts_on, change.starts_on)
        moved = None if cut == term.period else TermMove(term.number, cut)
        return moved, TermDraft(term.number + 1, Period(change.starts_on, change.ends_on))
    # On the day that a term began there is nothing to cut off: that term itself lasts longer, or shorter.
    ends_on = max(change.ends_on, term.period.starts_on + timedelta(days=1))
    return TermMove(term.number, Period(term.period.starts_on, ends_on)), None
