"""What an order comes to: planned by the very verb with which staff sell, for a customer or for a stranger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.collection.switch import is_stopped
from billing.rules.subscribing import Buyer
from billing.tax.queries import buyer_at, live_rates, seller_of
from billing.tax.rules.places import taxation_of
from customers.queries.taxed import TaxPlace
from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.quote import Difference, differences
from partnerpanel.actions.subscribe import AddonChoice, Subscribe
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import Conflict
from partnerpanel.kernel.ids import uuid7
from partnerpanel.policy.queries import Target as PolicyTarget
from partnerpanel.policy.queries import resolve
from partnerpanel.tenancy.queries import partner_by_id


class OrderMoved(Conflict):
    """It would cost something else than was shown. Carries what."""

    code = "order_moved"

    def __init__(self, moved: Sequence[Difference]) -> None:
        super().__init__("Something changed since you looked. Nothing was ordered.", field="quote")
        self.moved = tuple(moved)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants of an offer, and where it is taxed."""

    currency: str
    quantity: int = 1
    coupon: str = ""
    addons: tuple[tuple[UUID, int], ...] = ()
    country: str = ""
    region: str = ""
    tax_id: str = ""


def wanted_of(row: Checkout) -> Wanted:
    """What the order says."""
    addons = tuple((UUID(id_), quantity) for id_, quantity in row.addons)
    return Wanted(row.currency, row.quantity, row.coupon, addons, row.country, row.region, row.tax_id)


def verb_of(link: CheckoutLink, wanted: Wanted, customer_id: UUID, *, method_id: UUID | None = None) -> Subscribe:
    """The order as the verb that carries it out."""
    return Subscribe(
        targets=(Target(customer_id),),
        plan_id=link.plan_id,
        currency=wanted.currency,
        quantity=wanted.quantity,
        trial_days=link.trial_days,
        coupon=wanted.coupon,
        addons=tuple(AddonChoice(id_, quantity) for id_, quantity in wanted.addons),
        method_id=method_id,
    )


def plan_for_stranger(partner_id: UUID, link: CheckoutLink, wanted: Wanted, *, now: datetime) -> MoneyPlan:
    """For somebody of whom nothing is known but what was typed, in the open scope. Raises NotFound, CannotChange."""
    nobody = uuid7()
    return verb_of(link, wanted, nobody).plan_for(partner_id, _stranger(partner_id, nobody, link, wanted), now=now)


def plan_for_customer(
    link: CheckoutLink,
    wanted: Wanted,
    customer_id: UUID,
    *,
    method_id: UUID | None = None,
    now: datetime,
    lock: bool = False,
) -> MoneyPlan:
    """For a customer by its own data, in the open scope. Raises NotFound, CannotChange."""
    verb = verb_of(link, wanted, customer_id, method_id=method_id)
    [plan] = verb.plan(partner_id=link.partner_id, now=now, lock=lock)
    return plan


def amounts_of(plan: MoneyPlan) -> dict[str, str]:
    """What has to be as it was shown: every amount, and no date, since midnight changes those alone."""
    planned, after = plan.planned, plan.after
    if planned is None:
        return {"refused": plan.refusal.code if plan.refusal else ""}
    lines = {
        f"line {number}": f"{line.text}: {line.amount} + {line.tax}"
        for number, line in enumerate(planned.lines, start=1)
    }
    return {
        "plan": f"{after.quantity} × {after.plan_name}",
        "price": str(after.price),
        **lines,
        "balance": str(planned.to_balance),
        "due": str(planned.due_now),
        "next": str(after.next.amount) if after.next.amount is not None else "",
    }


def moved_between(shown: Mapping[str, str], plan: MoneyPlan) -> tuple[Difference, ...]:
    """What differs from what was shown."""
    return differences(shown, amounts_of(plan))


def needs_card(plan: MoneyPlan, link: CheckoutLink) -> bool:
    """Whether a card has to be there before anything begins: something is due now, or follows a trial that asks."""
    if plan.planned is None:
        return False
    follows = bool(plan.after.next.amount)
    return bool(plan.planned.due_now) or bool(link.trial_days and link.trial_needs_card and follows)


def _stranger(partner_id: UUID, nobody: UUID, link: CheckoutLink, wanted: Wanted) -> Buyer:
    partner = partner_by_id(partner_id)
    place = TaxPlace(wanted.country or partner.country, wanted.region, wanted.tax_id, "")
    [policy] = resolve(partner_id, [PolicyTarget(link.plan_id)])
    return Buyer(
        customer_id=nobody,
        name="",
        zone=partner.timezone,
        policy=policy,
        is_held=False,
        charging_stopped=is_stopped(partner_id),
        tax=taxation_of(seller_of(partner_id), buyer_at(place), live_rates(partner_id)),
    )
