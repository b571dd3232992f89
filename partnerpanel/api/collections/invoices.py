"""Invoices: paid with the card on file, mailed once more, as PDF, and explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.printing.typeset import file_name, pdf_of
from billing.queries.explain import explain_invoice
from billing.queries.invoice_page import invoice_view
from billing.queries.printed import invoice_paper
from partnerpanel.actions.own_subscription import mail_invoice
from partnerpanel.actions.payments import renew_now
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.verbs.views import OWNERS, OfNoSubscription
from partnerpanel.kernel.ids import parse, public, uuid7
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.shapes import MoneyShape, Shape, constant, id_field
from partnerpanel.wire.values import money


class Pay(Acting):
    """Charges what it asks for to the card on file, and waits for the answer."""

    resource_name = "invoices"
    verb = "pay"
    summary = "Charge it to the card on file"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "invoices:write"}
    needs_key = True

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        with tenant(self.caller.partner.pk):
            subscription_id, term = self.columns_of(id_, OWNERS["invoices"][1], "term_number")
        if subscription_id is None:
            raise OfNoSubscription("This invoice is of no subscription; record its payment instead.", field="id")
        renew_now(subscription_id, term_number=term, actor=self.caller.actor, now=self.caller.now)


class Mail(Acting):
    """To the customer, once more."""

    resource_name = "invoices"
    verb = "mail"
    summary = "Mail it to the customer once more"
    scopes: ClassVar[Mapping[str, str]] = {"POST": "invoices:write"}

    def act(self, id_: UUID, wanted: Mapping[str, Any]) -> None:
        mail_invoice(id_, key=uuid7(), actor=self.caller.actor, now=self.caller.now)


class Pdf(OfResource):
    """Read inside a scope and set outside of it."""

    resource_name = "invoices"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "invoices:read"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        summary = "The document as its customer gets it"
        return Operation("invoice_pdf", summary, "invoices", media="application/pdf", scope=cls.scopes[method])

    def get(self, _request: Request, public_id: str) -> HttpResponseBase:
        with tenant(self.caller.partner.pk):
            paper = invoice_paper(self.caller.partner.pk, parse("inv", public_id))
        answer = HttpResponse(pdf_of(paper), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{file_name(paper)}"'
        return answer


class ExplainedLineShape(Shape):
    """A line and how its amount and each of its taxes came about, in sentences."""

    description = serializers.CharField()
    amount = MoneyShape()
    sentences = serializers.ListField(child=serializers.CharField())

    class Meta:
        ref_name = "ExplainedLine"


class ExplanationShape(Shape):
    """Why an invoice comes to what it does; in the language that `Accept-Language` asks for."""

    object = constant("explanation")
    invoice = id_field("inv")
    number = serializers.CharField()
    total = MoneyShape()
    lines = ExplainedLineShape(many=True)

    class Meta:
        ref_name = "Explanation"


class Explain(OfResource):
    """From the derivations that were kept with the lines."""

    resource_name = "invoices"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "invoices:read"}

    @classmethod
    def operation(cls, method: str) -> Operation:
        summary = "Why it comes to what it does"
        return Operation("explain_invoice", summary, "invoices", gives=ExplanationShape, scope=cls.scopes[method])

    def get(self, _request: Request, public_id: str) -> Response:
        partner_id, id_ = self.caller.partner.pk, parse("inv", public_id)
        with tenant(partner_id):
            view, lines = invoice_view(partner_id, id_), explain_invoice(partner_id, id_)
        return Response(
            {
                "object": "explanation",
                "invoice": public("inv", id_),
                "number": view.label,
                "total": money(view.total),
                "lines": [
                    {"description": one.name, "amount": money(one.amount), "sentences": list(one.sentences)}
                    for one in lines
                ],
            }
        )
