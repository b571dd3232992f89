"""A charge that the customer's bank wants confirmed: where the customer does so, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from billing.charging.looking import settle_charges
from billing.charging.models import PaymentAttempt
from billing.charging.states import AttemptStatus
from billing.gateway.registry import CARD_DESKS
from billing.queries.pay_links import Payer
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.scope import tenant


class Outcome(StrEnum):
    """What came of a card: it is kept, and where something was open it was charged, declined, or is being checked."""

    KEPT = "kept"
    PAID = "paid"
    DECLINED = "declined"
    CONFIRM = "confirm"
    CHECKING = "checking"


_KNOWN = {
    AttemptStatus.SUCCEEDED: Outcome.PAID,
    AttemptStatus.DECLINED: Outcome.DECLINED,
    AttemptStatus.ACTION_REQUIRED: Outcome.CONFIRM,
}


def outcome_of(attempt: PaymentAttempt) -> Outcome:
    return _KNOWN.get(AttemptStatus(attempt.status), Outcome.CHECKING)


def newest_charge(partner_id: UUID, payer: Payer) -> UUID | None:
    """Of the subscription that the link is about; in the open scope."""
    rows = PaymentAttempt.objects.for_partner(partner_id).filter(customer=payer.customer_id)
    newest = rows.filter(subscription=payer.subscription_id).order_by("-made_at", "-pk")
    return newest.values_list("pk", flat=True).first()


def stands_here(partner_id: UUID, attempt_id: UUID) -> Outcome:
    """How the charge stands by what is written, in the open scope; nobody is asked. Raises NotFound."""
    found = PaymentAttempt.objects.for_partner(partner_id).filter(pk=attempt_id).first()
    if found is None:
        raise NotFound("There is no such charge.", field="charge")
    return outcome_of(found)


def came_of(partner_id: UUID, attempt_id: UUID, *, now: datetime) -> Outcome:
    """How the charge stands at the gateway, settled where nobody has. Opens scopes of its own.

    Raises NotFound, GatewayDown.
    """
    settle_charges(partner_id, _read(partner_id, attempt_id).gateway, {attempt_id}, now)
    return outcome_of(_read(partner_id, attempt_id))


def bank_page(partner_id: UUID, attempt_id: UUID, *, back: Callable[[UUID], str], now: datetime) -> tuple[Outcome, str]:
    """How the charge stands, and while it is to be confirmed the address where, from which the bank leads `back`.

    The address is a new one each time: banks let theirs expire. Opens scopes of its own. Raises NotFound, GatewayDown.
    """
    outcome = came_of(partner_id, attempt_id, now=now)
    if outcome is not Outcome.CONFIRM:
        return outcome, ""
    attempt = _read(partner_id, attempt_id)
    desk = CARD_DESKS.get(attempt.gateway)
    if desk is None:
        return outcome, attempt.action_url
    if address := desk.bank_page(partner_id, attempt.gateway_id, back(attempt_id)):
        return outcome, address
    return came_of(partner_id, attempt_id, now=now), ""


def _read(partner_id: UUID, attempt_id: UUID) -> PaymentAttempt:
    with tenant(partner_id):
        found = PaymentAttempt.objects.for_partner(partner_id).filter(pk=attempt_id).first()
    if found is None:
        raise NotFound("There is no such charge.", field="charge")
    return found
