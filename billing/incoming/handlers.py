"""What is done about news of each topic: look how things stand now, and settle it where everything settles.

Each takes news of one gateway, outside any scope, and returns for those that change nothing here the reason. Raises
GatewayDown where nobody can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from billing.charging.looking import settle_charges
from billing.charging.models import PaymentAttempt
from billing.documents.models import Payment
from billing.gateway.news import Topic
from billing.gateway.port import RefundStatus
from billing.gateway.registry import CARD_DESKS, gateway_named, teller_named
from billing.incoming.models import GatewayNews
from billing.methods.services import method_changed
from billing.refunds.models import Refund
from billing.refunds.settle import Answered as RefundAnswered
from billing.refunds.settle import settle_refunds
from billing.refunds.states import FOLLOWS
from billing.refunds.states import RefundStatus as RefundStands
from billing.services.disputes import record_dispute
from billing.services.entered_card import take_entered_card
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

Ignored = Mapping[UUID, str]
Handler = Callable[[UUID, str, Sequence[GatewayNews], datetime], Ignored]

NOT_OURS = "not asked for by this partner"
UNKNOWN_HERE = "the books do not have it; the nightly comparison looks at it"


def _charges(partner_id: UUID, gateway: str, rows: Sequence[GatewayNews], now: datetime) -> Ignored:
    keys = {id_ for row in rows if (id_ := _id(row.key)) is not None}
    with tenant(partner_id):
        here = set(PaymentAttempt.objects.for_partner(partner_id).filter(pk__in=keys).values_list("pk", flat=True))
    settle_charges(partner_id, gateway, here, now)
    return _others(rows, here)


def _refunds(partner_id: UUID, gateway: str, rows: Sequence[GatewayNews], now: datetime) -> Ignored:
    keys = {id_ for row in rows if (id_ := _id(row.key)) is not None}
    with tenant(partner_id):
        found = Refund.objects.for_partner(partner_id).filter(gateway=gateway, pk__in=keys)
        here = {row.pk: RefundStands(row.status) for row in found}
    _settle_refunds(partner_id, gateway, here, now)
    return _others(rows, here)


def _refunded_charges(partner_id: UUID, gateway: str, rows: Sequence[GatewayNews], now: datetime) -> Ignored:
    about = {row.about for row in rows}
    with tenant(partner_id):
        payments = Payment.objects.for_partner(partner_id).filter(gateway=gateway, gateway_id__in=about)
        booked = {gateway_id: id_ for id_, gateway_id in payments.values_list("pk", "gateway_id")}
        found = Refund.objects.for_partner(partner_id).filter(gateway=gateway, payment__in=booked.values())
        here = {row.pk: RefundStands(row.status) for row in found}
    _settle_refunds(partner_id, gateway, here, now)
    return {row.pk: UNKNOWN_HERE if row.key else NOT_OURS for row in rows if row.about not in booked}


def _settle_refunds(partner_id: UUID, gateway: str, here: Mapping[UUID, RefundStands], now: datetime) -> None:
    moving = [id_ for id_, status in here.items() if FOLLOWS[status]]
    if not moving:
        return
    known = gateway_named(gateway).look_up_refunds(partner_id, [str(id_) for id_ in moving])
    said = [RefundAnswered(id_, known[str(id_)]) for id_ in moving if str(id_) in known]
    said = [one for one in said if one.answer.status is not RefundStatus.UNKNOWN]
    if said:
        settle_refunds(partner_id, said, now=now)


def _disputes(partner_id: UUID, gateway: str, rows: Sequence[GatewayNews], now: datetime) -> Ignored:
    """The charge first: news of its dispute may be quicker than its own."""
    ignored: dict[UUID, str] = {}
    for about in {row.about for row in rows}:
        disputed = teller_named(gateway).dispute(partner_id, about)
        if disputed is None:
            ignored |= {row.pk: NOT_OURS for row in rows if row.about == about}
            continue
        if (id_ := _id(disputed.key)) is not None:
            settle_charges(partner_id, gateway, {id_}, now)
        record_dispute(partner_id, gateway, disputed.news, now=now)
    return ignored


def _methods(partner_id: UUID, gateway: str, rows: Sequence[GatewayNews], now: datetime) -> Ignored:
    ignored: dict[UUID, str] = {}
    for about in {row.about for row in rows}:
        facts = teller_named(gateway).method(partner_id, about)
        with tenant(partner_id):
            is_held = method_changed(gateway, about, facts, actor=Actor.system(partner_id), now=now)
        if not is_held:
            ignored |= {row.pk: "no customer has this payment method" for row in rows if row.about == about}
    return ignored


def _cards(partner_id: UUID, gateway: str, rows: Sequence[GatewayNews], now: datetime) -> Ignored:
    ignored: dict[UUID, str] = {}
    for row in rows:
        entered = CARD_DESKS[gateway].entered_card(partner_id, row.about)
        if entered is None:
            ignored[row.pk] = NOT_OURS
        else:
            take_entered_card(partner_id, gateway, entered, now=now)
    return ignored


def _nothing(_partner_id: UUID, _gateway: str, rows: Sequence[GatewayNews], _now: datetime) -> Ignored:
    return {row.pk: "nothing here depends on this kind" for row in rows}


HANDLERS: Mapping[str, Handler] = {
    Topic.CHARGE: _charges,
    Topic.REFUND: _refunds,
    Topic.REFUNDED_CHARGE: _refunded_charges,
    Topic.DISPUTE: _disputes,
    Topic.METHOD: _methods,
    Topic.CARD: _cards,
    Topic.NONE: _nothing,
}


def _others(rows: Sequence[GatewayNews], here: Collection[UUID]) -> dict[UUID, str]:
    """Those that are about nothing of ours."""
    return {row.pk: UNKNOWN_HERE if row.key else NOT_OURS for row in rows if _id(row.key) not in here}


def _id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
