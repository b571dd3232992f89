"""Payments by people: money recorded by hand, a charge asked for now, another card. Each is previewed first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from billing.charging.at_once import ask_now
from billing.charging.states import AttemptStatus, Purpose
from billing.documents.states import PaymentSource
from billing.queries import recorded
from billing.services import new_card, pay, preview
from billing.services.pay import ChargingStopped, NoPaymentMethod
from billing.services.preview import CardPreview, PaymentPreview
from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.events.consumers import Foreseen, foresee
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import customers_of

__all__ = [
    "ChargingStopped",
    "NoPaymentMethod",
    "Preview",
    "charge_now",
    "is_recorded",
    "preview_card",
    "preview_payment",
    "record_payment",
    "replace_card",
]

GATEWAY_OF_NEW_CARDS = "sandbox"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a payment would do, and who hears of it."""

    payment: PaymentPreview
    foreseen: Sequence[Foreseen]


def preview_payment(
    subscription_id: UUID, *, permission: Permission, actor: Actor, now: datetime, waive_fee: bool = False
) -> Preview:
    """What paying what is owed would do; writes nothing. Raises Forbidden, and what the service refuses."""
    _permit(actor, permission, waive_fee=waive_fee)
    _confine(actor, subscription_id)
    with tenant(actor.partner_id):
        found = preview.preview_payment(actor.partner_id, subscription_id, now=now, waive_fee=waive_fee)
        return Preview(found, foresee(found.events))


def record_payment(
    subscription_id: UUID,
    *,
    amount: Money,
    source: PaymentSource,
    received_on: date,
    note: str,
    term_number: int | None,
    actor: Actor,
    now: datetime,
    waive_fee: bool = False,
    again: bool = False,
) -> UUID:
    """Books money that came outside the gateway. Raises Forbidden, and what the service refuses."""
    _permit(actor, Permission.RECORD_PAYMENT, waive_fee=waive_fee)
    return pay.record_payment(
        subscription_id,
        amount=amount,
        source=source,
        received_on=received_on,
        note=note,
        term_number=term_number,
        actor=actor,
        now=now,
        waive_fee=waive_fee,
        again=again,
    )


def is_recorded(customer_id: UUID, *, amount: Money, note: str, actor: Actor) -> bool:
    """Whether the same amount with the same note is booked already. Raises Forbidden."""
    permit(actor, Permission.RECORD_PAYMENT)
    with tenant(actor.partner_id):
        return recorded.is_recorded(actor.partner_id, customer_id, amount=amount, note=note)


def charge_now(
    subscription_id: UUID, *, term_number: int | None, actor: Actor, now: datetime, waive_fee: bool = False
) -> UUID:
    """Asks the gateway for what is owed, with the card on file. Raises Forbidden, and what the service refuses."""
    _permit(actor, Permission.CHARGE, waive_fee=waive_fee)
    _confine(actor, subscription_id)
    return pay.charge_now(
        subscription_id, purpose=Purpose.ASKED, term_number=term_number, actor=actor, now=now, waive_fee=waive_fee
    )


def renew_now(
    subscription_id: UUID, *, term_number: int | None = None, actor: Actor, now: datetime, waive_fee: bool = False
) -> AttemptStatus | None:
    """The same, and waits for the gateway's answer: how the charge stands then, None while nobody knows.

    Raises Forbidden, and what the service refuses.
    """
    attempt_id = charge_now(subscription_id, term_number=term_number, actor=actor, now=now, waive_fee=waive_fee)
    return ask_now(actor.partner_id, [attempt_id], now=now).get(attempt_id)


def _permit(actor: Actor, permission: Permission, *, waive_fee: bool) -> None:
    permit(actor, permission)
    if waive_fee:
        permit(actor, Permission.WAIVE)


def _confine(actor: Actor, subscription_id: UUID) -> None:
    if actor.kind is ActorKind.CUSTOMER:
        with tenant(actor.partner_id):
            confine(actor, customers_of(actor.partner_id, [subscription_id]).values())


def preview_card(customer_id: UUID, *, actor: Actor, now: datetime) -> CardPreview:
    """What a new card would be charged at once; writes nothing. Raises Forbidden."""
    permit(actor, Permission.REPLACE_CARD)
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        return preview.preview_card(actor.partner_id, customer_id, now=now)


def replace_card(customer_id: UUID, *, method: str, actor: Actor, now: datetime) -> int:
    """Makes a sandbox method the customer's card; returns how many open renewals it is charged for at once.

    Raises Forbidden, NotFound, UnknownMethod.
    """
    permit(actor, Permission.REPLACE_CARD)
    confine(actor, [customer_id])
    return new_card.replace_card(customer_id, gateway=GATEWAY_OF_NEW_CARDS, ref=method, actor=actor, now=now)
