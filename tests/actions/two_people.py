"""What one person, or the engine, does to a subscription, in the two steps that others may come between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from billing.documents.states import PaymentSource
from billing.services.new_card import replace_card
from partnerpanel.actions import door, payments
from partnerpanel.actions.cancel import Cancel, CancelReason, CancelWhen
from partnerpanel.actions.door import FactsMoved
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.payments import Preview
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, Unpaid, When
from partnerpanel.queues.registry import queue_named
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import undo
from tests.actions.selling import Buyer


@dataclass(frozen=True)
class Doing:
    """`begins` writes in one transaction and says how that went; what it has to charge is charged in `goes_on`."""

    begins: Callable[[], str]
    goes_on: Callable[[], None]

    def __call__(self) -> str:
        said = self.begins()
        self.goes_on()
        return said


Person = Callable[[Buyer], Doing]


def asks(make: Callable[[Buyer], Verb]) -> Person:
    """Looks at the quote of a verb, and confirms it later."""

    def person(buyer: Buyer) -> Doing:
        verb, actor, now = make(buyer), buyer.shop.person.actor, buyer.shop.now
        token = door.preview(verb, actor=actor, now=now).token

        def confirms() -> str:
            try:
                door.commit(verb, quote=token, actor=actor, now=now)
            except FactsMoved as moved:
                return "moved" if moved.differences else "moved, and nobody says how"
            except DomainError as refused:
                return refused.code
            return "done"

        return Doing(confirms, partial(charges, buyer))

    return person


def charges(buyer: Buyer) -> None:
    queue_named("charges").drain(buyer.shop.world.id, buyer.shop.now)


def _pays(buyer: Buyer) -> Doing:
    shown, actor, now = _shown(buyer), buyer.shop.person.actor, buyer.shop.now

    def pays() -> str:
        if shown is None:
            return "nothing_shown"
        try:
            payments.record_payment(
                buyer.subscription,
                amount=shown.payment.due,
                source=PaymentSource.BANK,
                received_on=local_date(now, "Europe/Berlin"),
                note="as the bank says",
                term_number=shown.payment.term_number,
                actor=actor,
                now=now,
            )
        except DomainError as refused:
            return refused.code
        return "done"

    return Doing(pays, lambda: None)


def _charges_now(buyer: Buyer) -> Doing:
    shown, actor, now = _shown(buyer), buyer.shop.person.actor, buyer.shop.now

    def charge() -> str:
        if shown is None:
            return "nothing_shown"
        number = shown.payment.term_number
        try:
            payments.charge_now(buyer.subscription, term_number=number, actor=actor, now=now)
        except DomainError as refused:
            return refused.code
        return "done"

    return Doing(charge, partial(charges, buyer))


def _brings_a_card(buyer: Buyer) -> Doing:
    actor, now = buyer.shop.person.actor, buyer.shop.now

    def brings() -> str:
        replace_card(buyer.customer, gateway="sandbox", ref="sandbox_ok", actor=actor, now=now)
        return "done"

    return Doing(brings, partial(charges, buyer))


def _sweeps(buyer: Buyer) -> Doing:
    """The engine, which has the renewal to do if one is due."""

    def sweeps() -> str:
        queue_named("subscriptions").drain(buyer.shop.world.id, buyer.shop.now)
        return "done"

    return Doing(sweeps, partial(charges, buyer))


def _undoes(buyer: Buyer) -> Doing:
    """Takes a suspension back that was made a moment ago."""
    verb, actor, now = Suspend(buyer.target, HoldKind.MANUAL, "too early"), buyer.shop.person.actor, buyer.shop.now
    outcome = door.commit(verb, quote=None, actor=actor, now=now)
    return asks(lambda _: undo(outcome, buyer.shop.world))(buyer)


def _shown(buyer: Buyer) -> Preview | None:
    permission = Permission.RECORD_PAYMENT
    with suppress(DomainError):
        return payments.preview_payment(
            buyer.subscription, permission=permission, actor=buyer.shop.person.actor, now=buyer.shop.now
        )
    return None


PEOPLE: dict[str, Person] = {
    "upgrades": asks(lambda buyer: buyer.to("Business", When.IMMEDIATE)),
    "upgrades within the period": asks(lambda buyer: buyer.to("Business", When.IMMEDIATE, anchor=Anchor.KEEP)),
    "upgrades and collects": asks(lambda buyer: buyer.to("Business", When.IMMEDIATE, unpaid=Unpaid.APPLY_AND_COLLECT)),
    "downgrades at once": asks(lambda buyer: buyer.to("Starter", When.IMMEDIATE, anchor=Anchor.KEEP)),
    "downgrades later": asks(lambda buyer: buyer.to("Starter", When.PERIOD_END)),
    "rolls back": asks(lambda buyer: buyer.back_to()),
    "rolls back to a lower plan": asks(lambda buyer: buyer.back_to("Starter", RollbackMoney.CREDIT_UNUSED)),
    "suspends": asks(lambda buyer: Suspend(buyer.target, HoldKind.ABUSE, "sends spam")),
    "reactivates": asks(lambda buyer: Reactivate(buyer.target)),
    "undoes": _undoes,
    "cancels": asks(lambda buyer: Cancel(buyer.target, CancelWhen.PERIOD_END, CancelReason.UNUSED)),
    "cancels now": asks(
        lambda buyer: Cancel(buyer.target, CancelWhen.NOW, CancelReason.UNUSED, "at once", credit_unused=True)
    ),
    "extends": asks(lambda buyer: Extend(buyer.target, "as agreed", days=20)),
    "records a payment": _pays,
    "charges now": _charges_now,
    "brings a card": _brings_a_card,
    "renews": _sweeps,
}
