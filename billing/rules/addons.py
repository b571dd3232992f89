"""What add-ons cost: their lines on a renewal and on a change of plan, and which of them go on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from billing.documents.states import LineKind
from billing.rules.facts import BillingFacts
from billing.rules.plan import LineDraft
from billing.rules.proration import price_of_days, unused_days
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Period
from subscriptions.rules.addons import AddonMove, HeldAddon, carried
from subscriptions.rules.changes import ChangeState, PlanFacts

# The derivation of a line for a whole period.
PRICE_FOR_PERIOD = "price_for_period"


def next_plan(facts: BillingFacts) -> PlanFacts | None:
    """The plan that the renewal brings, if it brings another."""
    change = facts.change
    return change.deal.plan if change is not None and change.state is ChangeState.SCHEDULED else None


def carried_addons(facts: BillingFacts) -> tuple[HeldAddon, ...]:
    """What the next term is billed with."""
    if not facts.addons:
        return ()
    if facts.term is None:  # sold with it, so wanted in its first term whatever renewals do
        return tuple(one for one in facts.addons if one.recurs)
    number = facts.term.number + 1
    return carried(facts.addons, facts.policy.policy.addon.on_renewal, term=number, plan=next_plan(facts))


def left_behind(facts: BillingFacts) -> tuple[HeldAddon, ...]:
    """Recurring add-ons that the next term does without."""
    kept = {one.id for one in carried_addons(facts)}
    return tuple(one for one in facts.addons if one.recurs and one.id not in kept)


def not_fitting(addons: Sequence[HeldAddon], plan: PlanFacts) -> tuple[HeldAddon, ...]:
    """Recurring add-ons that do not go with the plan."""
    return tuple(one for one in addons if one.recurs and not one.offer.fits(plan))


def with_addons(facts: BillingFacts, addons: Sequence[HeldAddon]) -> BillingFacts:
    """The same subscription with these add-ons."""
    return facts if tuple(addons) == facts.addons else replace(facts, addons=tuple(addons))


def after_moves(addons: Sequence[HeldAddon], new: Sequence[HeldAddon], moves: Sequence[AddonMove]) -> list[HeldAddon]:
    """The add-ons once a plan is written."""
    by_id = {move.id: move for move in moves}
    found = []
    for one in addons:
        move = by_id.get(one.id)
        if move is None:
            found.append(one)
        elif not move.ends:
            found.append(replace(one, **{name: move.values[name] for name in move.values if name in NOTED}))
    return [*found, *new]


NOTED = frozenset({"leaves", "confirmed_term", "from_on", "until_on", "ends_at"})


def addon_lines(addons: Sequence[HeldAddon], interval: Interval, period: Period) -> list[LineDraft]:
    """A line for each recurring add-on, for a whole period of a plan of that interval."""
    return [_line(one, one.price_in(interval), period) for one in addons if one.recurs]


def rest_of_addon(one: HeldAddon, interval: Interval, *, base: Period, on: date, ends_on: date) -> LineDraft:
    """The days that are left of a period of `base`."""
    price = one.price_in(interval)
    value = price_of_days(price=price, days=unused_days(base, on), period_days=base.days)
    return LineDraft(
        LineKind.ADDON, one.offer.name, one.quantity, value.value, Period(on, ends_on), value.why, addon=one.offer.id
    )


def once_line(one: HeldAddon, period: Period) -> LineDraft:
    """What is bought once, in full: nothing of it is given back for days."""
    return replace(_line(one, one.price, period), kind=LineKind.EXTRA)


def _line(one: HeldAddon, price: Money, period: Period) -> LineDraft:
    inputs = {
        "plan": one.offer.name,
        "quantity": str(one.quantity),
        "price": str(price),
        "from": period.starts_on.isoformat(),
        "to": period.ends_on.isoformat(),
    }
    why = Derivation(PRICE_FOR_PERIOD, inputs)
    return LineDraft(LineKind.ADDON, one.offer.name, one.quantity, price, period, why, addon=one.offer.id)
