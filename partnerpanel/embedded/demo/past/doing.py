"""One deed of a life, through the same doors as in the panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.documents.states import PaymentSource
from billing.queries.facts import load
from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.changes.extension import OutsidePayment
from billing.rules.changes.pausing import PauseWhen
from billing.services.net_prices import without_tax
from billing.services.new_card import replace_card
from billing.services.pay import owed, record_payment
from partnerpanel.actions import door
from partnerpanel.actions.billing_dates import MoveBillingDate, SkipRenewal
from partnerpanel.actions.cancel import Cancel, Keep
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.pause import Pause, Resume
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.embedded.demo.deeds import REASONS, RELEASES
from partnerpanel.embedded.demo.past.arriving import sale
from partnerpanel.embedded.demo.past.chances import CARDS, Deed
from partnerpanel.embedded.demo.past.lives import Moment
from partnerpanel.embedded.demo.past.register import Register
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.terms import Contract
from subscriptions.rules.states import HoldKind, Lifecycle
from subscriptions.services.create import create_subscriptions


@dataclass(frozen=True, slots=True)
class Scene:
    """A life's subscription on the day on which something is wanted of it."""

    row: Contract
    target: tuple[Target, ...]
    register: Register
    number: int
    today: date

    def on(self, days: int) -> date:
        return self.today + timedelta(days=days)


Make = Callable[[Scene], Verb | None]
REASON, RELEASE = REASONS[HoldKind.ABUSE][0], RELEASES[HoldKind.ABUSE]


def carry_out(moment: Moment, register: Register, at: datetime) -> bool:
    """Whether it was done. What the day does not allow is left, as at a desk: nobody upgrades what has ended."""
    try:
        return _done(moment, register, at)
    except DomainError:
        return False


def _done(moment: Moment, register: Register, at: datetime) -> bool:
    number = moment.number
    if moment.deed in CARDS:
        card = CARDS[moment.deed]
        replace_card(register.customers[number], gateway="sandbox", ref=card, actor=register.office.system, now=at)
        return True
    row = register.contract(number, at)
    if moment.deed is Deed.RETURN:
        return _return(row, moment, register, at)
    if moment.deed is Deed.PAY:
        return _pay(row, register, at)
    target = (Target(register.customers[number], row.id),)
    verb = VERBS[moment.deed](Scene(row, target, register, number, local_date(at, register.office.days.zone)))
    if verb is None:
        return False
    door.commit(verb, quote=None, actor=register.office.actors[Role.OWNER], now=at)
    return True


def _return(row: Contract, moment: Moment, register: Register, at: datetime) -> bool:
    if row.lifecycle is not Lifecycle.ENDED:
        return False
    life = register.lives[moment.number]
    with tenant(register.partner_id):
        new = sale(life, row.customer_id, life.plan, register, at)
        system = register.office.system
        [subscription_id] = create_subscriptions(without_tax([new], actor=system, now=at), actor=system, now=at)
    register.sold(moment.number, subscription_id)
    return True


def _pay(row: Contract, register: Register, at: datetime) -> bool:
    """Money comes by bank for what is owed on that day, a fee for being late with it."""
    with tenant(register.partner_id):
        facts = load(register.partner_id, [row.id], now=at)[row.id]
        invoice, _ = owed(facts, now=at)
    today = local_date(at, register.office.days.zone)
    record_payment(
        row.id,
        amount=invoice.due,
        source=PaymentSource.BANK,
        received_on=today,
        note=f"Bank transfer, statement of {today}",
        actor=register.office.actors[Role.BILLING],
        now=at,
    )
    return True


def _change(steps: int) -> Make:
    def make(scene: Scene) -> Verb | None:
        """To the next plan of the same product that is sold in the currency, up or down."""
        ideas, currency = scene.register.ideas, scene.row.price.currency
        now = ideas[scene.row.plan_name]
        ladder = [one for one in ideas.values() if one.product == now.product and currency in one.prices]
        ranks = sorted({one.rank for one in ladder})
        wanted = ranks.index(now.rank) + steps
        if not 0 <= wanted < len(ranks):
            return None
        plan = min((one for one in ladder if one.rank == ranks[wanted]), key=lambda one: one.name)
        return None if plan.is_archived else ChangePlan(scene.target, scene.register.plans[plan.name])

    return make


def _cancel(scene: Scene) -> Verb:
    reasons = list(CancelReason)
    return Cancel(scene.target, CancelWhen.PERIOD_END, reasons[scene.number % len(reasons)])


def _sell_time(scene: Scene) -> Verb:
    payment = OutsidePayment(scene.row.price, PaymentSource.CASH, scene.today)
    return Extend(scene.target, "Paid three months at the counter.", 3, 0, payment)


VERBS: Mapping[Deed, Make] = {
    Deed.UPGRADE: _change(1),
    Deed.DOWNGRADE: _change(-1),
    Deed.ROLL_BACK: lambda scene: RollbackPlan(scene.target),
    Deed.CANCEL: _cancel,
    Deed.CANCEL_NOW: lambda scene: Cancel(scene.target, CancelWhen.NOW, CancelReason.UNUSED, credit_unused=True),
    Deed.KEEP: lambda scene: Keep(scene.target),
    Deed.PAUSE: lambda scene: Pause(scene.target, PauseWhen.PERIOD_END, scene.on(75)),
    Deed.RESUME: lambda scene: Resume(scene.target),
    Deed.EXTEND: lambda scene: Extend(scene.target, "For the patience during the outage.", 0, 3 + scene.number % 12),
    Deed.SELL_TIME: _sell_time,
    Deed.SKIP: lambda scene: SkipRenewal(scene.target, "A month for bringing a friend."),
    Deed.MOVE_DATE: lambda scene: MoveBillingDate(scene.target, scene.on(10 + scene.number % 15)),
    Deed.SUSPEND: lambda scene: Suspend(scene.target, HoldKind.ABUSE, REASON),
    Deed.REACTIVATE: lambda scene: Reactivate(scene.target, frozenset({HoldKind.ABUSE}), RELEASE),
}
