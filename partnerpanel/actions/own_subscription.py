"""A partner acts as the platform's customer: it pays, gives another card, and asks for an invoice again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from billing.charging.at_once import ask_now
from billing.charging.states import AttemptStatus
from billing.queries.charges import charges_under_way
from billing.services.invoice_copy import mail_copy
from partnerpanel.actions import cards, payments
from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.kernel.errors import Conflict, DomainError
from partnerpanel.platform.services.standing import refresh
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import platform
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.facts import customers_of


class NotBilled(Conflict):
    """The partner is no customer of the platform, or there is no platform."""

    code = "not_billed"


class ChargeDeclined(DomainError):
    """The card was asked and declined; no money moved."""

    code = "charge_declined"


def as_customer(actor: Actor) -> tuple[Partner, Actor]:
    """The platform, and the same person acting there as its customer. Raises NotBilled.

    A test mode has no subscription of its own: its people act for the live partner.
    """
    billing = platform()
    live = Partner.objects.select_related("twin_of").get(pk=actor.partner_id).live
    if billing is None or live.platform_customer is None:
        raise NotBilled(_("The platform does not bill this partner."))
    there = Actor(
        ActorKind.CUSTOMER, billing.pk, actor.id, actor.role, actor.request_id, customer_id=live.platform_customer
    )
    return billing, there


def follow(actor: Actor, *, now: datetime) -> None:
    """The partner's standing at once, without waiting for the event; that will find nothing left to change."""
    if actor.customer_id is not None:
        with tenant(actor.partner_id):
            refresh({actor.customer_id}, now=now)


def pay(subscription_id: UUID, *, term_number: int | None, actor: Actor, now: datetime) -> AttemptStatus:
    """Charges what is owed to the card on file and waits for the answer; paid, the partner is open again at once.

    Raises Forbidden, NotFound, ChargeDeclined, and what `payments.charge_now` refuses.
    """
    attempt = payments.charge_now(subscription_id, term_number=term_number, actor=actor, now=now)
    return _answered([attempt], actor=actor, now=now)


def replace_card(customer_id: UUID, *, method: str, actor: Actor, now: datetime) -> AttemptStatus | None:
    """Makes it the card, and charges what is open to it at once; None where nothing was.

    Raises Forbidden, NotFound, UnknownMethod, ChargeDeclined; after the last the new card is kept.
    """
    if not payments.replace_card(customer_id, method=method, actor=actor, now=now):
        return None
    with tenant(actor.partner_id):
        attempts = charges_under_way(actor.partner_id, customer_id)
    return _answered(attempts, actor=actor, now=now)


def use_card(customer_id: UUID, method_id: UUID, *, actor: Actor, now: datetime) -> AttemptStatus | None:
    """The same with a card that the customer has already. Raises Forbidden, NotFound, ChargeDeclined."""
    if not cards.use(method_id, actor=actor, now=now):
        return None
    with tenant(actor.partner_id):
        attempts = charges_under_way(actor.partner_id, customer_id)
    return _answered(attempts, actor=actor, now=now)


def use_card_for(subscription_id: UUID, method_id: UUID | None, *, actor: Actor, now: datetime) -> AttemptStatus | None:
    """The same for one subscription alone; None is the default. Raises Forbidden, NotFound, ChargeDeclined."""
    if not cards.use_for(subscription_id, method_id, actor=actor, now=now):
        return None
    with tenant(actor.partner_id):
        [customer_id] = customers_of(actor.partner_id, [subscription_id]).values()
        attempts = charges_under_way(actor.partner_id, customer_id)
    return _answered(attempts, actor=actor, now=now)


def _answered(attempts: Collection[UUID], *, actor: Actor, now: datetime) -> AttemptStatus:
    found = ask_now(actor.partner_id, attempts, now=now)
    follow(actor, now=now)
    if AttemptStatus.DECLINED in found.values():
        raise ChargeDeclined(_("The card was declined. No money moved; use another card, or try again later."))
    left = [status for status in found.values() if status is not AttemptStatus.SUCCEEDED]
    return left[0] if left else AttemptStatus.SUCCEEDED


def mail_invoice(invoice_id: UUID, *, key: UUID, actor: Actor, now: datetime) -> str:
    """Mails the invoice to the customer once more, and once for one `key`; returns its number.

    Raises Forbidden, NotFound.
    """
    permit(actor, Permission.MAIL_INVOICE)
    with tenant(actor.partner_id):
        copy = mail_copy(invoice_id, key=key, actor=actor, now=now)
        confine(actor, [copy.customer_id])
    return copy.label
