"""Subscribe: a customer buys a plan; it begins today or later, with a trial or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.methods.models import shown
from billing.methods.queries import Method, methods_of
from billing.queries.buyers import buyer_of
from billing.rules.changes.addon import AddonWish
from billing.rules.changes.addons_sold import sold_with, with_addons_sold
from billing.rules.changes.ahead import events_ahead, facts_ahead, standing_of
from billing.rules.changes.coupon import redeemed, with_coupon
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import BillingFacts, MethodFacts
from billing.rules.subscribing import Buyer, FirstPayment, StartWish, facts_of, new_subscription, plan_subscription
from billing.services.apply import apply
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Target
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.addons import addon_exists, offers
from subscriptions.queries.changes import plan_exists, plans_at
from subscriptions.queries.coupons import hold_coupon, offer_of_code
from subscriptions.rules.access_plan import Refusal
from subscriptions.rules.changes import Deal
from subscriptions.rules.coupons import HeldCoupon
from subscriptions.rules.start import NewSubscription
from subscriptions.services.create import create_subscriptions, created_event


@dataclass(frozen=True, slots=True)
class AddonChoice:
    """So many of an add-on of the catalogue."""

    addon_id: UUID
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`price` is of one unit, agreed with this customer; None is the plan's, and `currency` then says which.

    `starts_on` None is today. `anchor_day` is the day of the month that it is billed on, where another than that.
    `coupon` is a code; the coupon takes off from the first paid period on. `addons` are billed with the plan from its
    first period on. `method_id` is the card that whoever buys means: another one is never charged in its place,
    and where it is not the customer's default it stays the card of this subscription.
    """

    name: ClassVar[str] = "subscribe"

    targets: tuple[Target, ...]
    plan_id: UUID
    currency: str
    quantity: int = 1
    price: Money | None = None
    starts_on: date | None = None
    trial_days: int = 0
    anchor_day: int | None = None
    auto_renew: bool = True
    first_payment: FirstPayment = FirstPayment.CARD
    coupon: str = ""
    addons: tuple[AddonChoice, ...] = ()
    method_id: UUID | None = None

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.SUBSCRIBE})

    def inputs(self) -> dict[str, Any]:
        return {
            "plan": str(self.plan_id),
            "currency": self.currency,
            "quantity": self.quantity,
            "price": str(self.price.major) if self.price else None,
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
            "trial_days": self.trial_days,
            "anchor_day": self.anchor_day,
            "auto_renew": self.auto_renew,
            "first_payment": self.first_payment.value,
            "coupon": self.coupon,
            "addons": [[str(one.addon_id), one.quantity] for one in self.addons],
            "payment_method": str(self.method_id) if self.method_id else None,
        }

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(
            targets,
            UUID(inputs["plan"]),
            inputs["currency"],
            inputs["quantity"],
            Money.parse(inputs["price"], inputs["currency"]) if inputs["price"] else None,
            date.fromisoformat(inputs["starts_on"]) if inputs["starts_on"] else None,
            inputs["trial_days"],
            inputs["anchor_day"],
            inputs["auto_renew"],
            FirstPayment(inputs["first_payment"]),
            inputs.get("coupon", ""),
            tuple(AddonChoice(UUID(id_), quantity) for id_, quantity in inputs.get("addons", ())),
            UUID(inputs["payment_method"]) if inputs.get("payment_method") else None,
        )

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[MoneyPlan]:
        """Raises NotFound for a customer, plan, add-on or payment method of nobody."""
        if not plan_exists(partner_id, self.plan_id):
            raise NotFound(_("There is no such plan."), field="plan")
        if not all(addon_exists(partner_id, one.addon_id) for one in self.addons):
            raise NotFound(_("There is no such add-on."), field="addons")
        if self.coupon and lock:
            hold_coupon(partner_id, self.coupon)
        return [self._plan(partner_id, target, now=now, lock=lock) for target in self.targets]

    def apply(self, plans: Sequence[MoneyPlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        acting = [(plan.begins, plan.planned.plan) for plan in plans if plan.planned and plan.begins]
        create_subscriptions([new for new, _plan in acting], actor=actor, action_id=action_id, now=now)
        apply([plan for _new, plan in acting], actor=actor, action_id=action_id, now=now)

    def _plan(self, partner_id: UUID, target: Target, *, now: datetime, lock: bool) -> MoneyPlan:
        buyer = buyer_of(
            partner_id, target.customer_id, plan_id=self.plan_id, currency=self.currency, now=now, lock=lock
        )
        return self.plan_for(partner_id, buyer, now=now)

    def plan_for(self, partner_id: UUID, buyer: Buyer, *, now: datetime) -> MoneyPlan:
        """The same for a buyer who is loaded, or who is no customer yet. Raises CannotChange for another currency."""
        found = plans_at(partner_id, self.currency, [self.plan_id])
        if not found:
            message = _("This plan has no price in %(currency)s.") % {"currency": self.currency}
            raise CannotChange("other_currency", message, field="plan")
        deal = Deal(found[0], self.quantity, is_agreed=False)
        if self.price is not None and self.price != deal.plan.price:
            deal = Deal(replace(found[0], price=self.price), self.quantity, is_agreed=True)
        wish = StartWish(deal, self.starts_on, self.trial_days, self.anchor_day, self.auto_renew, self.first_payment)
        ids = ChangeIds(uuid7(), uuid7(), uuid7(), uuid7())
        own = self._own_card(partner_id, buyer)
        if own is not None:
            facts_of_card = MethodFacts(own.id, own.gateway, own.gateway_ref, shown(own.brand, own.last4))
            buyer = replace(buyer, method=facts_of_card)
        new = replace(new_subscription(buyer, wish, id_=uuid7(), now=now), card_id=own.id if own else None)
        facts = replace(facts_of(buyer, new, deal), has_own_card=own is not None)
        try:
            self._refuse_gone_card(buyer)
            held = self._redeemed(partner_id, facts, now=now) if self.coupon else None
            addons = sold_with(facts, deal.plan, self._wishes(partner_id), now=now)
            facts = replace(facts, coupon=held, addons=addons)
            planned = plan_subscription(buyer, facts, wish, ids=ids, now=now)
        except CannotChange as error:
            return _refused(buyer, facts, error, now=now)
        if addons:
            planned = with_addons_sold(planned, addons)
        if held:
            planned = replace(planned, plan=with_coupon(planned.plan, held))
        return _planned(buyer, new, facts, planned, now=now)

    def _wishes(self, partner_id: UUID) -> dict[UUID, AddonWish]:
        """Raises CannotChange for an add-on without a price in the currency."""
        ids = {one.addon_id for one in self.addons}
        offered = {one.id: one for one in offers(partner_id, self.currency, ids)} if ids else {}
        if ids - set(offered):
            raise CannotChange("addon_currency", _("It has no price in this currency."), field="addons")
        return {uuid7(): AddonWish(offered[one.addon_id], one.quantity) for one in self.addons}

    def _own_card(self, partner_id: UUID, buyer: Buyer) -> Method | None:
        """The card that is charged in the place of the customer's default. Raises NotFound for one of somebody else."""
        if self.method_id is None or (buyer.method and buyer.method.id == self.method_id):
            return None
        named = next((one for one in methods_of(partner_id, buyer.customer_id) if one.id == self.method_id), None)
        if named is None:
            raise NotFound(_("This customer has no such payment method."), field="payment_method")
        return named if named.replaced_at is None else None

    def _refuse_gone_card(self, buyer: Buyer) -> None:
        """Raises CannotChange for one that was taken away: another is never charged in its place."""
        if self.method_id is not None and (buyer.method is None or buyer.method.id != self.method_id):
            message = _("This card is charged no more. Name another one.")
            raise CannotChange("card_taken_away", message, field="payment_method")

    def _redeemed(self, partner_id: UUID, facts: BillingFacts, *, now: datetime) -> HeldCoupon:
        """From the first paid term on, which follows that of the trial. Raises CouponRefused."""
        offer = offer_of_code(partner_id, self.coupon, {facts.customer_id})
        first = 2 if self.trial_days else 1
        return redeemed(facts, offer, plan_id=self.plan_id, id_=uuid7(), on=facts.today(now), from_term=first)


def _planned(buyer: Buyer, new: NewSubscription, facts: BillingFacts, planned: Planned, *, now: datetime) -> MoneyPlan:
    policy = facts.policy
    created: EventDraft = created_event(new, facts.subscription_id, facts.access)
    return MoneyPlan(
        customer_id=buyer.customer_id,
        customer_name=buyer.name,
        subscription_id=facts.subscription_id,
        before=standing_of(facts, now=now),
        after=standing_of(facts_ahead(planned.plan, now=now), now=now),
        planned=planned,
        plan_before=planned.deal.plan,
        plan_after=planned.deal.plan,
        foreseen=(created, *events_ahead(planned.plan, now=now)),
        sources=tuple((key, str(policy.source(key))) for key in planned.keys),
        begins=new,
        others=buyer.subscriptions,
    )


def _refused(buyer: Buyer, facts: BillingFacts, error: CannotChange, *, now: datetime) -> MoneyPlan:
    standing = standing_of(facts, now=now)
    return MoneyPlan(
        customer_id=buyer.customer_id,
        customer_name=buyer.name,
        subscription_id=facts.subscription_id,
        before=standing,
        after=standing,
        refusal=Refusal(error.reason, error.message, error.field),
        others=buyer.subscriptions,
    )
