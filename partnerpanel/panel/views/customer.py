"""One customer's page, its notes and tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.customer_money import Coming, customer_money
from billing.queries.explain import explain_payments
from customers.queries import detail
from customers.queries.lists import tags_of
from customers.queries.portal import logins_of
from customers.rules.tax_ids import TaxIdState, as_written, tax_id_state
from customers.services.notes import add_note
from customers.services.tagging import set_tags
from notifications.queries import messages_of
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.portal_access import role_name
from partnerpanel.events.queries import timeline
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, uuid7
from partnerpanel.panel.forms import NoteForm, TagsForm
from partnerpanel.panel.held import held_of
from partnerpanel.panel.listing import country_name, language_name, monthly, next_billing, standing_word
from partnerpanel.panel.mail_choice import mail_choice
from partnerpanel.panel.marketing_words import LEFT_OUT
from partnerpanel.panel.money_quote import explained
from partnerpanel.panel.money_words import credit_reason, dispute_reason, refund_words, source_text, without_text
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.story import told
from partnerpanel.panel.verification_words import asked_lines
from partnerpanel.panel.why import explain
from partnerpanel.retention.queries.clocks import erasure_ahead
from partnerpanel.tenancy.queries import names_of
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.summaries import lines_of, wide_holds
from subscriptions.queries.verifications import open_verifications
from subscriptions.rules.states import HoldKind

EVENTS = 30
# What its own form and check digits say of a tax id; nobody else is asked.
TAX_IDS: Mapping[TaxIdState, Mapping[str, Any]] = {
    TaxIdState.NONE: {"text": "", "tone": "gray", "icon": ""},
    TaxIdState.VALID: {"text": gettext_lazy("valid"), "tone": "green", "icon": "circle-check"},
    TaxIdState.UNKNOWN_FORM: {"text": gettext_lazy("not checked"), "tone": "gray", "icon": "info-circle"},
    TaxIdState.INVALID: {"text": gettext_lazy("not valid"), "tone": "red", "icon": "alert-triangle"},
}


class Customer(PanelView):
    """Everything about one customer on one page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, customer: str) -> HttpResponse:
        return self.page("panel/customers/detail.html", self.context(parse("cus", customer)))

    def context(self, customer_id: UUID) -> dict[str, Any]:
        visit, partner_id = self.visit, self.visit.partner.pk
        customer = detail.customer(partner_id, customer_id)
        subscriptions = lines_of(partner_id, [customer_id], now=visit.now).get(customer_id, [])
        written = detail.notes(partner_id, customer_id)
        entries = timeline(partner_id, customer_id, limit=EVENTS + 1)
        names = names_of({note.author_id for note in written if note.author_id})
        tags = tags_of(partner_id, [customer_id]).get(customer_id, [])
        asked = open_verifications(partner_id, [customer_id]).get(customer_id)
        holds = wide_holds(partner_id, customer_id)
        sent = messages_of(partner_id, customer_id, limit=20)
        why = explain(partner_id, subscriptions, wide=holds, messages=sent)
        money = customer_money(partner_id, customer_id, [line.id for line in subscriptions], now=visit.now)
        reasons = explain_payments(partner_id, [payment.id for payment in money.payments])
        return {
            "section": "customers",
            "money": money,
            "coming": [(one, *_coming_words(one)) for one in money.coming],
            "payments": [(payment, source_text(payment), reasons.get(payment.id, ())) for payment in money.payments],
            "refunds": [(row, refund_words(row)) for row in money.refunds],
            "disputes": [(row, dispute_reason(row.reason)) for row in money.disputes],
            "crumbs": [{"text": _("Customers"), "url": reverse("customers", args=[visit.partner.slug])}],
            "customer": customer,
            "erasure": erasure_ahead(partner_id, customer_id),
            "verification": asked,
            "verification_blocks": any(hold.kind is HoldKind.FRAUD_REVIEW for hold in holds),
            "asked_lines": asked_lines(asked) if asked else [],
            "status": standing_word(customer, subscriptions),
            "country": country_name(customer.country),
            "tax_id": as_written(customer.tax_id, country=customer.country),
            "copy_key": uuid7(),
            "tax_id_state": TAX_IDS[tax_id_state(customer.tax_id, country=customer.country)],
            "language": language_name(customer.locale),
            "subscriptions": subscriptions,
            "held": held_of(visit, subscriptions, money.coming, why),
            "credit_notes": [(row, credit_reason(row.reason)) for row in money.credit_notes],
            "monthly": monthly(subscriptions),
            "next_billing_on": next_billing(subscriptions),
            "today": local_date(visit.now, visit.zone),
            "wide_holds": [(hold, why.hold(hold, None)) for hold in holds],
            "can_suspend": not holds or any(not line.is_suspended for line in subscriptions),
            "notes": [
                (note, names[note.author_id] if note.author_id in names else _("the system")) for note in written
            ],
            "tags": tags,
            "messages_sent": [(one, why.message(one), LEFT_OUT[one.left_out] if one.left_out else "") for one in sent],
            **mail_choice(partner_id, customer_id),
            "events": told(entries[:EVENTS], subscriptions, now=visit.now),
            "older": entries[EVENTS - 1].id if len(entries) > EVENTS else None,
            "portal_logins": [(one, role_name(one.role)) for one in logins_of(partner_id, customer_id)],
            "portal_url": reverse("portal-home", args=[visit.partner.slug]),
            "note_form": NoteForm(),
            "tags_form": TagsForm(initial={"tags": ", ".join(tags)}),
        }


def _coming_words(one: Coming) -> tuple[str, str]:
    """Why nothing is charged by itself, and how the amount came about; empty where there is nothing to say."""
    charge = one.charge
    return (without_text(charge.without.value) if charge.without else ""), " · ".join(explained(charge))


class Timeline(PanelView):
    """Older events of a customer, as a part that follows those already shown."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, customer: str) -> HttpResponse:
        customer_id, partner_id = parse("cus", customer), self.visit.partner.pk
        detail.customer(partner_id, customer_id)
        try:
            before = UUID(request.GET.get("before", ""))
        except ValueError:
            raise NotFound("There is no such event.") from None
        entries = timeline(partner_id, customer_id, limit=EVENTS + 1, before=before)
        subscriptions = lines_of(partner_id, [customer_id], now=self.visit.now).get(customer_id, [])
        context = {
            "customer_id": customer,
            "events": told(entries[:EVENTS], subscriptions, now=self.visit.now),
            "older": entries[EVENTS - 1].id if len(entries) > EVENTS else None,
        }
        return self.page("panel/customers/timeline_part.html", context)


class AddNote(PanelView):
    """Writes a note and goes back to the customer."""

    permission = Permission.EDIT_CUSTOMERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, customer: str) -> HttpResponse:
        customer_id, form = parse("cus", customer), NoteForm(request.POST)
        with tenant(self.visit.partner.pk):
            detail.customer(self.visit.partner.pk, customer_id)
            if form.is_valid():
                text = form.cleaned_data["text"]
                add_note(customer_id, text=text, actor=self.visit.actor, now=self.visit.now)
        if form.is_valid():
            messages.success(request, _("Note added."))
        else:
            messages.error(request, str(form.errors["text"][0]))
        return redirect("customer", self.visit.partner.slug, customer)


class SetTags(PanelView):
    """Makes these the customer's tags and goes back to the customer."""

    permission = Permission.EDIT_CUSTOMERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, customer: str) -> HttpResponse:
        customer_id, form = parse("cus", customer), TagsForm(request.POST)
        form.is_valid()
        try:
            with tenant(self.visit.partner.pk):
                names = form.cleaned_data["tags"]
                set_tags(customer_id, names=names, actor=self.visit.actor, now=self.visit.now)
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Tags saved."))
        return redirect("customer", self.visit.partner.slug, customer)
