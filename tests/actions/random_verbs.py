"""A verb made up by dice: of every kind, with every choice that its popup has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from billing.documents.states import PaymentSource
from billing.models import Invoice, Payment
from customers.queries.held import profile_of
from customers.services.update import update_profiles
from partnerpanel.actions.billing_dates import MoveBillingDate, SkipRenewal
from partnerpanel.actions.cancel import Cancel, CancelReason, CancelWhen, Keep
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.change_quantity import ChangeQuantity
from partnerpanel.actions.extend import Extend, OutsidePayment
from partnerpanel.actions.invoice_verbs import CorrectInvoice
from partnerpanel.actions.pause import Pause, PauseWhen, Resume
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.refund import Refund, RefundAccess, RefundHow, RefundReason, RefundSource
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, Unpaid, When
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Term
from subscriptions.rules.suspension import PLACEABLE
from tests.actions.random_shop import RandomShop

Make = Callable[[RandomShop, UUID], Verb]


def random_verb(shop: RandomShop, subscription: UUID) -> Verb:
    """One that can be asked for; whether it is refused is another matter."""
    makes = list(VERBS)
    [make] = shop.dice.choices(makes, [VERBS[one] for one in makes])
    return make(shop, subscription)


def _one(shop: RandomShop, subscription: UUID) -> tuple[Target, ...]:
    return (Target(shop.customers[subscription], subscription),)


def _wide(shop: RandomShop, subscription: UUID) -> tuple[Target, ...]:
    """Sometimes the customer with everything."""
    return (Target(shop.customers[subscription], shop.dice.choice([subscription, subscription, None])),)


def _change(shop: RandomShop, subscription: UUID) -> Verb:
    dice = shop.dice
    return ChangePlan(
        _one(shop, subscription),
        dice.choice(shop.plans),
        dice.choice([None, *When, When.IMMEDIATE]),
        dice.choice([None, *Anchor]),
        dice.choice([None, *Unpaid]),
    )


def _quantity(shop: RandomShop, subscription: UUID) -> Verb:
    dice = shop.dice
    return ChangeQuantity(
        _one(shop, subscription),
        dice.randint(1, 6),
        dice.choice([None, *When, When.IMMEDIATE]),
        dice.choice([None, None, *Anchor]),
        dice.choice([None, *Unpaid]),
    )


def _rollback(shop: RandomShop, subscription: UUID) -> Verb:
    dice = shop.dice
    plan = dice.choice([None, None, dice.choice(shop.plans)])
    return RollbackPlan(_one(shop, subscription), plan, dice.choice([None, *RollbackMoney]))


def _suspend(shop: RandomShop, subscription: UUID) -> Verb:
    return Suspend(_wide(shop, subscription), shop.dice.choice(PLACEABLE), "as agreed")


def _reactivate(shop: RandomShop, subscription: UUID) -> Verb:
    kinds = frozenset(shop.dice.sample(list(PLACEABLE), shop.dice.randint(1, len(PLACEABLE))))
    return Reactivate(_wide(shop, subscription), kinds, "settled")


def _extend(shop: RandomShop, subscription: UUID) -> Verb:
    dice, row = shop.dice, shop.row(subscription)
    payment = None
    if dice.random() < 0.4:
        more = dice.choice([0, 0, dice.randint(1, 5_000)])
        amount = row.price.times(dice.choice([1, 1, 3, 12])) + Money(more + (not row.price), row.currency)
        payment = OutsidePayment(amount, dice.choice([PaymentSource.BANK, PaymentSource.CASH]), _today(shop))
    months, days = dice.choice([(1, 0), (3, 0), (12, 0), (0, 30), (0, 14), (0, dice.randint(1, 90))])
    return Extend(_one(shop, subscription), "as agreed", months, days, payment)


def _refund(shop: RandomShop, subscription: UUID) -> Verb:
    """Of any of its payments; where nobody has paid it is extended instead."""
    dice = shop.dice
    with tenant(shop.world.id):
        paid = list(
            Payment.objects.for_partner(shop.world.id).filter(invoice__subscription=subscription).order_by("pk")
        )
    if not paid:
        return _extend(shop, subscription)
    one, how = dice.choice(paid), dice.choice(list(RefundHow))
    return Refund(
        _one(shop, subscription),
        one.pk,
        how,
        dice.choice(list(RefundReason)),
        "as they asked",
        Money(dice.randint(1, one.amount), one.currency) if how is RefundHow.AMOUNT else None,
        dice.choice([None, RefundAccess.KEEP, RefundAccess.KEEP, RefundAccess.KEEP, *RefundAccess]),
        None if one.gateway else RefundSource.BANK,
        any_time=True,
    )


def _correct(shop: RandomShop, subscription: UUID) -> Verb:
    """Any of its invoices, after the customer has another name; where there is none it is extended instead."""
    dice, customer = shop.dice, shop.customers[subscription]
    with tenant(shop.world.id):
        written = list(Invoice.objects.for_partner(shop.world.id).filter(subscription=subscription).order_by("pk"))
        if written:
            renamed = replace(profile_of(shop.world.id, customer), name=f"Number {dice.randint(1, 10**6)}")
            update_profiles({customer: renamed}, actor=shop.world.system, now=shop.now)
    if not written:
        return _extend(shop, subscription)
    keeps_total = dice.random() < 0.5
    return CorrectInvoice(_one(shop, subscription), dice.choice(written).pk, "a wrong name", keeps_total=keeps_total)


def _cancel(shop: RandomShop, subscription: UUID) -> Verb:
    when = shop.dice.choice([CancelWhen.NOW, CancelWhen.PERIOD_END, CancelWhen.PERIOD_END])
    credit = when is CancelWhen.NOW and shop.dice.random() < 0.6
    return Cancel(_one(shop, subscription), when, CancelReason.UNUSED, "they move abroad", credit)


def _pause(shop: RandomShop, subscription: UUID) -> Verb:
    until = shop.dice.choice([None, _today(shop) + timedelta(days=shop.dice.randint(1, 60))])
    return Pause(_one(shop, subscription), shop.dice.choice(list(PauseWhen)), until, "a long journey")


def _move_date(shop: RandomShop, subscription: UUID) -> Verb:
    ends_on = _ends_on(shop, subscription)
    return MoveBillingDate(_one(shop, subscription), ends_on + timedelta(days=shop.dice.randint(-20, 30)))


VERBS: dict[Make, int] = {
    _change: 34,
    _quantity: 14,
    _rollback: 18,
    _suspend: 6,
    _reactivate: 12,
    _extend: 10,
    _cancel: 3,
    _refund: 9,
    _correct: 9,
    lambda shop, id_: Keep(_one(shop, id_)): 5,
    _pause: 5,
    lambda shop, id_: Resume(_one(shop, id_)): 7,
    lambda shop, id_: SkipRenewal(_one(shop, id_), "as a thank-you"): 4,
    _move_date: 9,
}


def _today(shop: RandomShop) -> date:
    return local_date(shop.now, shop.twin.timezone)


def _ends_on(shop: RandomShop, subscription: UUID) -> date:
    with tenant(shop.world.id):
        newest = Term.objects.for_partner(shop.world.id).filter(subscription=subscription).order_by("number").last()
    return newest.ends_on if newest else _today(shop)
