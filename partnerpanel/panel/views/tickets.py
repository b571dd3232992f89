"""Tickets: the list, one with what was written in it, and a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.queries import detail
from partnerpanel.actions import tickets as actions
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.ticket_forms import TOPICS, ReplyForm, TicketForm
from partnerpanel.support import queries
from partnerpanel.support.rules import Side, TicketState, Topic
from partnerpanel.support.services import NewTicket
from partnerpanel.tenancy.queries import names_of
from partnerpanel.tenancy.scope import tenant

TABS: dict[TicketState, Any] = {
    TicketState.OPEN: gettext_lazy("Waiting for you"),
    TicketState.ANSWERED: gettext_lazy("Answered"),
    TicketState.CLOSED: gettext_lazy("Closed"),
}


class Tickets(PanelView):
    """Those in one state, the last written first; the address is the state."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner_id, wanted = self.visit.partner.pk, request.GET.get("state", "")
        state = TicketState(wanted) if wanted in {one.value for one in TicketState} else TicketState.OPEN
        page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
        start = (min(max(page, 1), 10_000) - 1) * queries.PAGE
        found, here = queries.tickets(partner_id, state, limit=queries.PAGE + 1, start=start), request.path
        counts = queries.counts(partner_id)
        context = {
            "section": "tickets",
            "rows": [(one, TOPICS[one.topic]) for one in found[: queries.PAGE]],
            "headings": [{"text": text} for text in (_("Customer"), _("Subject"), _("Topic"), _("Last written"))],
            "tabs": [
                {"text": text, "url": f"{here}?state={one}", "current": one is state, "count": counts[one]}
                for one, text in TABS.items()
            ],
            "previous_url": f"{here}?state={state}&page={page - 1}" if start else "",
            "next_url": f"{here}?state={state}&page={page + 1}" if len(found) > queries.PAGE else "",
            "total": counts[state],
        }
        return self.page("panel/tickets/list.html", context)


class TicketPage(PanelView):
    """What was written, and a form to answer."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, ticket: str) -> HttpResponse:
        return self.page("panel/tickets/detail.html", self.context(parse("tic", ticket), ReplyForm()))

    def context(self, ticket_id: UUID, form: ReplyForm) -> dict[str, Any]:
        """In the open scope. Raises NotFound."""
        partner_id = self.visit.partner.pk
        found, written = queries.ticket(partner_id, ticket_id), queries.messages(partner_id, ticket_id)
        names = names_of({one.author_id for one in written if one.author_id})
        return {
            "section": "tickets",
            "ticket": found,
            "topic": TOPICS[found.topic],
            "status": f"ticket_{found.state}",
            "is_closed": found.state is TicketState.CLOSED,
            "is_erasure": found.topic is Topic.ERASURE,
            "messages_written": [(one, _who(one, found.customer_name, names)) for one in written],
            "crumbs": [{"text": _("Tickets"), "url": reverse("tickets", args=[self.visit.partner.slug])}],
            "form": form,
        }


class ReplyTicket(TicketPage):
    """Writes an answer, which opens a closed ticket again."""

    permission = Permission.ANSWER_TICKETS
    http_method_names = ["post"]
    reads_in_scope = False

    def post(self, request: HttpRequest, ticket: str) -> HttpResponse:
        ticket_id, form = parse("tic", ticket), ReplyForm(request.POST)
        if form.is_valid():
            try:
                actions.reply(ticket_id, form.cleaned_data["text"], actor=self.visit.actor, now=self.visit.now)
            except NotFound:
                raise
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            else:
                toasts.success(request, _("Answered."))
                return redirect("ticket", self.visit.partner.slug, ticket)
        with tenant(self.visit.partner.pk):
            context = self.context(ticket_id, form)
        return self.page_in_scope("panel/tickets/detail.html", context, status=422)


class CloseTicket(PanelView):
    """Nothing is left to do."""

    permission = Permission.ANSWER_TICKETS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, ticket: str) -> HttpResponse:
        try:
            actions.close(parse("tic", ticket), actor=self.visit.actor, now=self.visit.now)
        except NotFound:
            raise
        except DomainError as error:
            toasts.error(request, refusal_of(error))
        else:
            toasts.success(request, _("Closed."))
        return redirect("ticket", self.visit.partner.slug, ticket)


class NewTicketPage(PanelView):
    """Something that the partner tells a customer."""

    permission = Permission.ANSWER_TICKETS
    http_method_names = ["get", "head", "post"]
    reads_in_scope = False

    def get(self, request: HttpRequest, customer: str) -> HttpResponse:
        return self._form(parse("cus", customer), TicketForm(), 200)

    def post(self, request: HttpRequest, customer: str) -> HttpResponse:
        customer_id, form = parse("cus", customer), TicketForm(request.POST)
        if form.is_valid():
            asked = form.cleaned_data
            new = NewTicket(asked["subject"], asked["text"], Topic(asked["topic"]))
            try:
                made = actions.open_ticket(customer_id, new, actor=self.visit.actor, now=self.visit.now)
            except NotFound:
                raise
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            else:
                return redirect("ticket", self.visit.partner.slug, public("tic", made))
        return self._form(customer_id, form, 422)

    def _form(self, customer_id: UUID, form: TicketForm, status: int) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            name = detail.customer(self.visit.partner.pk, customer_id).name
        context = {"section": "tickets", "form": form, "customer_name": name, "crumbs": []}
        return self.page_in_scope("panel/tickets/new.html", context, status=status)


def _who(one: queries.Written, customer: str, names: dict[UUID, str]) -> str:
    if one.side is Side.CUSTOMER:
        return customer
    return names.get(one.author_id, _("your team")) if one.author_id else _("your team")
