"""What is kept of a person: handed out, and erased."""

from __future__ import annotations

import json
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from partnerpanel.actions import door
from partnerpanel.actions.erase import Erase
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.personal_data import export_customer
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.views.access import OnTarget


class ErasePopup(OnTarget):
    """Says what goes and what the law keeps, and erases."""

    permission = Permission.ERASE
    template = "panel/actions/erase.html"

    def form(self, data: Any = None, files: Any = None) -> Form:
        return Form(data)

    def verb(self, form: Form) -> Verb:
        return Erase((self.target,))

    def draft(self, form: Form) -> Verb:
        return self.verb(form)

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Erase personal data: %(name)s") % {"name": self.facts.name},
            "subtitle": _("The account and all of its subscriptions."),
            "submit": _("Yes, Erase for good"),
            "note": _("Nothing brings it back"),
        }

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        text = _("What is known of this person is erased in every table. Invoices, payments and the ledger stay.")
        return shown(quote, moved=moved, summary=text)

    def undo_url(self, outcome: door.Outcome) -> str:
        """Nothing brings it back."""
        return ""

    def said(self, outcome: door.Outcome) -> str:
        return _("The personal data of %(name)s is erased.") % {"name": self.facts.name}


class HandOut(PanelView):
    """Everything that is kept of the customer, as one JSON file or as CSV files in a ZIP; that is recorded."""

    permission = Permission.EXPORT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, customer: str) -> HttpResponse:
        data = export_customer(parse("cus", customer), actor=self.visit.actor, now=self.visit.now)
        if request.POST.get("as") == "csv":
            answer = HttpResponse(data.as_zip(), content_type="application/zip")
            answer["Content-Disposition"] = f'attachment; filename="{customer}.zip"'
            return answer
        answer = HttpResponse(json.dumps(data.as_json(), ensure_ascii=False, indent=1), content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="{customer}.json"'
        return answer
