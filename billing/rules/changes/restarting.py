"""A subscription that has ended is taken up again: its next term begins when that is paid. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from billing.charging.states import Purpose
from billing.rules.addon_ends import ended, ends
from billing.rules.addons import carried_addons, left_behind, with_addons
from billing.rules.changes.coupon import held_on, redeemed, redeemed_event
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.own_events import own_event
from billing.rules.plan import BillingPlan
from billing.rules.start import plan_start
from billing.rules.subscribing import FirstPayment
from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.changes import Deal, PlanFacts
from subscriptions.rules.coupons import CouponEnd, CouponOffer
from subscriptions.rules.next_price import columns_of
from subscriptions.rules.states import Collection, Lifecycle


@dataclass(frozen=True, slots=True)
class RestartWish:
    """`on_sale` is the plan at its list price of today, None where it has none in the currency; `owed` says that an
    invoice of the next term stands in the books; `coupon` is what a rule offers to who comes back."""

    on_sale: PlanFacts | None
    first_payment: FirstPayment = FirstPayment.CARD
    owed: bool = False
    coupon: CouponOffer | None = None


def plan_restart(facts: ChangeFacts, wish: RestartWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """On the plan and as many of it as it had, with its add-ons, at an agreed price or at the list price of today.

    Nothing is served before the first payment; where nothing is to pay it begins at once. Raises CannotChange.
    """
    billing = facts.billing
    _refuse(billing, wish)
    deal = _deal(facts, wish)
    begins, gone = _as_it_comes_back(billing, deal), left_behind(billing)
    own: list[EventDraft] = []
    if wish.coupon is not None and held_on(billing) is None:
        held = redeemed(begins, wish.coupon, plan_id=deal.plan.id, id_=ids.change, on=begins.today(now))
        begins = replace(begins, coupon=held)
        own.append(redeemed_event(begins, held))
    own += [ended(billing, gone)] if gone else []
    by_card = wish.first_payment is FirstPayment.CARD
    start = replace(begins, auto_renew=by_card)
    plan = plan_start(start, now=now, ids=(ids.document, ids.attempt), purpose=Purpose.ASKED)
    if plan.attempt is not None and billing.charging_stopped:
        raise CannotChange("charging_stopped", "Charging is stopped: nobody is charged until it goes on.")
    waits = plan.invoice is not None and bool(plan.invoice.due)
    if waits:
        price = [deal.price.amount, deal.price.currency]
        own.insert(0, own_event(billing, "subscription.restart_asked", price=price, by_card=plan.attempt is not None))
    plan = replace(
        plan,
        # Where it begins at once it was incomplete for no time at all.
        facts=billing if waits else begins,
        events=_in_order(billing, own, plan.events),
        values={
            "price_amount": deal.plan.price.amount,
            **({} if begins.next_price else columns_of(None)),
            "ended_at": None,
            "ended_before": billing.ended_at if waits else None,
            "collection": Collection.CURRENT,
            "renewal_waits": False,
            "reminded_on": None,
            **plan.values,
            **({"lifecycle": Lifecycle.INCOMPLETE} if waits else {}),
        },
        addon_moves=ends(gone, now),
        coupon=begins.coupon if begins.coupon != billing.coupon else None,
        coupon_ends=CouponEnd(billing.coupon.id) if billing.coupon and begins.coupon != billing.coupon else None,
    )
    return Planned(plan, deal, keys=_keys(plan), cautions=tuple(_cautions(plan, by_card=by_card, leaves=bool(gone))))


def _deal(facts: ChangeFacts, wish: RestartWish) -> Deal:
    """What was agreed with this customer holds; a list price is that of today. Raises CannotChange."""
    on_sale = wish.on_sale
    if on_sale is None or not on_sale.is_sellable:
        message = f"{facts.deal.plan.name} is not sold any more. Choose one of the plans that are."
        raise CannotChange("not_sold", message, field="plan")
    return facts.deal if facts.deal.is_agreed else Deal(on_sale, facts.deal.quantity, is_agreed=False)


def _refuse(facts: BillingFacts, wish: RestartWish) -> None:
    if facts.is_restarting:
        raise CannotChange("restart_waits", "It comes back already: its first payment is outstanding.")
    if facts.lifecycle is not Lifecycle.ENDED:
        raise CannotChange("not_ended", "It has not ended.")
    if facts.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")
    if facts.term is None:
        raise CannotChange("never_began", "It never began, so there is nothing to come back to. Sell it anew.")
    if facts.awaits_cut_over:
        raise CannotChange("awaits_cut_over", "It is billed here from the cut-over on. Move in first.")
    if wish.owed:
        message = "An invoice for its next period stands in the books already. Sell a new subscription instead."
        raise CannotChange("billed_already", message)
    if facts.is_held:
        raise CannotChange("held", "Nobody who is suspended is charged. Reactivate it first.")


def _as_it_comes_back(facts: BillingFacts, deal: Deal) -> BillingFacts:
    """The facts as its next term is bought, from the day of the return on."""
    return replace(
        with_addons(facts, carried_addons(facts)),
        price=deal.price,
        next_price=facts.next_price if deal.is_agreed else None,
        lifecycle=Lifecycle.INCOMPLETE,
        collection=Collection.CURRENT,
        ended_before=facts.ended_at,
        ended_at=None,
        renewal_waits=False,
        reminded_on=None,
        change=None,
    )


def _in_order(facts: BillingFacts, first: Sequence[EventDraft], then: Sequence[EventDraft]) -> tuple[EventDraft, ...]:
    """The subscription's own events numbered in the order in which they stand."""
    place, found = facts.version, []
    for event in (*first, *then):
        is_own = event.object_id == facts.subscription_id
        place += is_own
        found.append(replace(event, sequence=place) if is_own else event)
    return tuple(found)


def _keys(plan: BillingPlan) -> tuple[str, ...]:
    if plan.attempt is not None:
        return ("grace.days", "retry.offsets_days")
    return ("grace.days",) if plan.case is not None else ()


def _cautions(plan: BillingPlan, *, by_card: bool, leaves: bool) -> Iterator[ChangeCaution]:
    if plan.invoice is not None and plan.invoice.due:
        yield ChangeCaution.NOTHING_BEFORE_PAYMENT
        if by_card and plan.attempt is None:
            yield ChangeCaution.NO_CARD
    if leaves:
        yield ChangeCaution.ADDONS_LEAVE
