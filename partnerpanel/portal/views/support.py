"""Tickets: what the customer asked, what was answered, and its own data to take along."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from partnerpanel.actions import personal_data, tickets
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.refusals import refusal_of
from partnerpanel.support.rules import SUBJECT_LENGTH, TEXT_LENGTH, TicketState, Topic
from partnerpanel.support.services import NewTicket

TICKET = "tic"
STATES = {
    TicketState.OPEN: _("We answer soon"),
    TicketState.ANSWERED: _("Answered"),
    TicketState.CLOSED: _("Closed"),
}


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what it is about.")},
    )


class TicketForm(ReplyForm):
    subject = forms.CharField(
        label=_("Subject"), max_length=SUBJECT_LENGTH, error_messages={"required": _("Write a subject.")}
    )
    topic = forms.ChoiceField(
        label=_("About"),
        choices=[
            (Topic.GENERAL.value, _("Something else")),
            (Topic.BILLING.value, _("Plan and payment")),
            (Topic.TECHNICAL.value, _("The service does not work")),
            (Topic.ERASURE.value, _("Erase what you know of me")),
        ],
    )
    field_order = ("topic", "subject", "text")


class Support(PortalView):
    """All tickets, and a new one."""

    http_method_names = ["get", "head", "post"]
    section = "support"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(TicketForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TicketForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        new = NewTicket(form.cleaned_data["subject"], form.cleaned_data["text"], Topic(form.cleaned_data["topic"]))
        try:
            made = tickets.open_ticket(self.visit.customer_id, new, actor=self.visit.actor, now=self.now)
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self._page(form, status=error.status)
        return self.go("portal-ticket", public(TICKET, made), said="ticket-sent")

    def _page(self, form: TicketForm, *, status: int = 200) -> HttpResponse:
        found = tickets.own_tickets(actor=self.visit.actor)
        rows = [(one, public(TICKET, one.id), STATES[one.state]) for one in found]
        return self.page("support", {"tickets": rows, "form": form}, status=status)


class Ticket(PortalView):
    """One ticket, in which one goes on writing."""

    http_method_names = ["get", "head", "post"]
    section = "support"

    def get(self, request: HttpRequest, ticket: str) -> HttpResponse:
        return self._page(ticket, ReplyForm())

    def post(self, request: HttpRequest, ticket: str) -> HttpResponse:
        form = ReplyForm(request.POST)
        if not form.is_valid():
            return self._page(ticket, form, status=422)
        tickets.reply(parse(TICKET, ticket), form.cleaned_data["text"], actor=self.visit.actor, now=self.now)
        return self.go("portal-ticket", ticket, said="ticket-sent")

    def _page(self, ticket: str, form: ReplyForm, *, status: int = 200) -> HttpResponse:
        found, written = tickets.read(parse(TICKET, ticket), actor=self.visit.actor)
        context: dict[str, Any] = {"ticket": found, "id": ticket, "state": STATES[found.state], "written": written}
        context["is_closed"] = found.state is TicketState.CLOSED
        return self.page("ticket", context | {"form": form}, status=status)


class CloseTicket(PortalView):
    """It is settled."""

    http_method_names = ["post"]
    section = "support"

    def post(self, request: HttpRequest, ticket: str) -> HttpResponse:
        tickets.close(parse(TICKET, ticket), actor=self.visit.actor, now=self.now)
        return self.go("portal-ticket", ticket, said="ticket-closed")


class OwnData(PortalView):
    """Everything that is kept about the customer, as one file."""

    permission = Permission.MANAGE_LOGINS
    http_method_names = ["post"]
    section = "account"

    def post(self, request: HttpRequest, form: str) -> HttpResponse:
        if form not in ("json", "zip"):
            raise NotFound("There is no such file.")
        found = personal_data.export_customer(self.visit.customer_id, actor=self.visit.actor, now=self.now)
        if form == "json":
            content: bytes | str = json.dumps(found.as_json(), ensure_ascii=False, indent=1)
            kind = "application/json"
        else:
            content, kind = found.as_zip(), "application/zip"
        headers = {"Content-Disposition": f'attachment; filename="my-data.{form}"'}
        return HttpResponse(content, content_type=kind, headers=headers)
