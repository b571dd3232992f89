"""The settings page about webhooks: endpoints, and the log of what was sent to each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.webhooks.queries import attempts_of, deliveries_of, delivery_of, endpoint_of, endpoints_of
from notifications.webhooks.representations import DELIVERY, ENDPOINT
from notifications.webhooks.secrets import shown_secrets
from partnerpanel.actions import webhooks
from partnerpanel.actions.permission import Permission
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.asked import OneTab, asked
from partnerpanel.panel.catalogue_words import history
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.webhook_words import attempt_row, delivery_row, endpoint_row

EVENTS = 20


class WebhookSettings(PanelView):
    """All endpoints, the oldest first."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-webhooks"),
            "endpoints": [endpoint_row(one) for one in endpoints_of(partner.pk)],
            "is_test_mode": partner.is_test,
        }
        return self.page("panel/webhooks/list.html", context)


class Endpoint(PanelView):
    """One endpoint with its log. A damaged cursor begins anew."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, webhook: str) -> HttpResponse:
        partner, id_ = self.visit.partner, parse(ENDPOINT, webhook)
        row = endpoint_of(partner.pk, id_)
        wanted = asked(request, OneTab)
        page = wanted.page(lambda cursor: deliveries_of(partner.pk, id_, cursor=cursor))
        context = wanted.context(page) | {
            "section": "settings",
            "crumbs": [{"text": _("Webhooks"), "url": reverse("settings-webhooks", args=[partner.slug])}],
            "endpoint": endpoint_row(row),
            "secrets": shown_secrets(partner.pk, [id_], at=system_now()).get(id_, []),
            "deliveries": [delivery_row(one) for one in page.rows],
            "headings": [
                {"text": _("Event")},
                {"text": _("Made")},
                {"text": _("State")},
                {"text": _("Tries"), "end": True},
                {"text": _("Last answer")},
            ],
            "events": history(of_object(partner.pk, "webhook_endpoint", id_, limit=EVENTS)),
        }
        return self.page("panel/webhooks/endpoint.html", context)


class Delivery(PanelView):
    """One message: each request with its answer."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, sent: str) -> HttpResponse:
        partner, id_ = self.visit.partner, parse(DELIVERY, sent)
        row = delivery_of(partner.pk, id_)
        context = {
            "section": "settings",
            "crumbs": [
                {"text": _("Webhooks"), "url": reverse("settings-webhooks", args=[partner.slug])},
                {"text": row.endpoint.url, "url": endpoint_url(partner.slug, row.endpoint_id)},
            ],
            "delivery": delivery_row(row),
            "endpoint": endpoint_row(row.endpoint),
            "attempts": [attempt_row(one) for one in attempts_of(partner.pk, id_)],
        }
        return self.page("panel/webhooks/delivery.html", context)


class _Sending(PanelView):
    """Something is sent, and the page says so."""

    permission = Permission.MANAGE_SETTINGS
    http_method_names = ["post"]

    def say(self, send: Any, text: str) -> None:
        try:
            send()
        except NotFound:
            raise
        except DomainError as error:
            messages.error(self.request, refusal_of(error))
        else:
            messages.success(self.request, text)


class SendTest(_Sending):
    """A test event to one endpoint."""

    def post(self, request: HttpRequest, webhook: str) -> HttpResponse:
        id_ = parse(ENDPOINT, webhook)
        self.say(lambda: webhooks.send_test(id_, actor=self.visit.actor), _("A test event is on its way."))
        return redirect(endpoint_url(self.visit.partner.slug, id_))


class Replay(_Sending):
    """One message again."""

    def post(self, request: HttpRequest, sent: str) -> HttpResponse:
        id_ = parse(DELIVERY, sent)
        self.say(lambda: webhooks.replay(id_, actor=self.visit.actor), _("It is sent again."))
        return redirect("webhook-delivery", self.visit.partner.slug, public(DELIVERY, id_))


def endpoint_url(slug: str, id_: UUID) -> str:
    return reverse("webhook-endpoint", args=[slug, public(ENDPOINT, id_)])
