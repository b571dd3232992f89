"""Credit notes as programs see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rest_framework import serializers

from billing.documents.models import CreditNote, CreditNoteLine
from billing.documents.states import CreditTo
from billing.representations.lines import LineShape, shown_line
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, MoneyShape, On, Shape, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import day, instant, money, ref


class CreditNoteShape(Shape):
    """What a customer got back of earlier documents. A line above zero gives back, one below is set off."""

    id = id_field("cn")
    object = constant("credit_note")
    number = serializers.CharField()
    customer = ref_field("cus", "Customer")
    subscription = ref_field("sub", "Subscription", nullable=True)
    reason = serializers.CharField()
    goes_to = one_of(CreditTo)
    lines = LineShape(many=True)
    subtotal = MoneyShape()
    tax = MoneyShape()
    total = MoneyShape()
    issued_on = On()
    issued_at = At()

    class Meta:
        ref_name = "CreditNote"


def show(showing: Showing, rows: Sequence[CreditNote]) -> list[Shown]:
    lines: dict[UUID, list[CreditNoteLine]] = {}
    found = CreditNoteLine.objects.for_partner(showing.partner_id).filter(credit_note__in=[row.pk for row in rows])
    for line in found.order_by("credit_note", "position"):
        lines.setdefault(line.credit_note_id, []).append(line)
    return [
        {
            "id": public("cn", row.pk),
            "object": "credit_note",
            "number": row.label,
            "customer": public("cus", row.customer_id),
            "subscription": ref("sub", row.subscription_id),
            "reason": row.reason,
            "goes_to": row.goes_to,
            "lines": [shown_line(line, row.currency) for line in lines.get(row.pk, [])],
            "subtotal": money(Money(row.subtotal_amount, row.currency)),
            "tax": money(Money(row.tax_amount, row.currency)),
            "total": money(row.total),
            "issued_on": day(row.issued_on),
            "issued_at": instant(row.issued_at),
        }
        for row in rows
    ]


CREDIT_NOTES = Resource(
    name="credit_notes",
    kind="credit_note",
    prefix="cn",
    shape=CreditNoteShape,
    rows=CreditNote.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer", "cus", "customer"),
        "subscription": filters.by_id("subscription", "sub", "subscription"),
        "goes_to": filters.word("goes_to", CreditTo),
        "currency": filters.text(lambda rows, text: rows.filter(currency=text), "In this currency."),
        **filters.between("issued", "issued_at"),
    },
    refs={"customer": "customers", "subscription": "subscriptions"},
)
