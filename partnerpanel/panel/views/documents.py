"""Invoices and credit notes as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from billing.printing.paper import Paper
from billing.printing.typeset import file_name, pdf_of
from billing.queries.printed import credit_note_paper, invoice_paper
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.page import PanelView
from partnerpanel.tenancy.scope import tenant


class InvoicePdf(PanelView):
    """Read inside a scope, set outside of it: setting takes longer than a transaction should."""

    reads_in_scope = False
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, invoice: str) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            paper = invoice_paper(self.visit.partner.pk, parse("inv", invoice))
        return pdf_response(paper)


class CreditNotePdf(PanelView):
    """The same for a credit note."""

    reads_in_scope = False
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, credit_note: str) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            paper = credit_note_paper(self.visit.partner.pk, parse("cn", credit_note))
        return pdf_response(paper)


def pdf_response(paper: Paper) -> HttpResponse:
    """A file that is kept and not shown inside the panel, under a name that holds no text of anybody's."""
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(paper)}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf_of(paper), content_type="application/pdf", headers=headers)
