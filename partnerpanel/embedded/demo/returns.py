"""Money that went back lately: a refund, one that is recorded by hand, and payments that banks take back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from billing.disputes.states import DisputeStatus
from billing.gateway.port import DisputeNews
from billing.models import Payment
from billing.services.disputes import record_dispute
from partnerpanel.actions import door
from partnerpanel.actions.door import Refused
from partnerpanel.actions.refund import Refund, RefundHow, RefundReason
from partnerpanel.actions.verb import Target
from partnerpanel.embedded.demo.office import Office
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant

REFUNDED, DISPUTED = 2, (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.LOST)


def give_back(office: Office, now: datetime) -> None:
    """Of the newest card payments: a part of the first ones refunded, the next ones disputed."""
    partner_id = office.partner.pk
    with tenant(partner_id):
        rows = Payment.objects.for_partner(partner_id).exclude(gateway_id="").select_related("invoice")
        newest = list(rows.order_by("-recorded_at", "-id")[: REFUNDED + len(DISPUTED)])
    for row in newest[:REFUNDED]:
        target = Target(row.customer_id, row.invoice.subscription_id)
        part = Money(max(row.amount // 4, 1), row.currency)
        verb = Refund(
            (target,),
            row.pk,
            RefundHow.AMOUNT,
            RefundReason.GOODWILL,
            "As a thank-you for their patience during the outage.",
            part,
            any_time=True,
        )
        with suppress(Refused):  # of somebody who is just being charged, say
            door.commit(verb, quote=None, actor=office.actors[Role.OWNER], now=now)
    for row, status in zip(newest[REFUNDED:], DISPUTED, strict=False):
        opened = now - timedelta(days=3)
        due_on = (now + timedelta(days=7)).date()
        news = DisputeNews(
            f"dispute-{row.gateway_id}", row.gateway_id, status, row.money, opened, now, "unrecognized", due_on
        )
        record_dispute(partner_id, row.gateway, news, now=now)
    office.settle(now)
