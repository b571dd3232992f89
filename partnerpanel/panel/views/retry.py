"""Another try for what waits for a person: one address for each kind, since each needs its own permission."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from partnerpanel.actions.retry import NEEDED, retry
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.page import PanelView
from partnerpanel.queues.registry import queue_named


class Retry(PanelView):
    """The address names one row by its public id, whatever the part is called."""

    queue: ClassVar[str]
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **named: str) -> HttpResponse:
        (row,) = named.values()
        row_id = parse(queue_named(self.queue).prefix, row)
        retry(self.queue, row_id, actor=self.visit.actor, now=self.visit.now)
        messages.success(request, _("It is being tried again now."))
        return redirect("home", self.visit.partner.slug)


class RetryAccount(Retry):
    queue = "provisioning"
    permission = NEEDED[queue]


class RetryCharge(Retry):
    queue = "charges"
    permission = NEEDED[queue]


class RetrySubscription(Retry):
    queue = "subscriptions"
    permission = NEEDED[queue]


class RetryMessage(Retry):
    queue = "mail"
    permission = NEEDED[queue]


class RetryDelivery(Retry):
    queue = "outbox"
    permission = NEEDED[queue]


class RetryJob(Retry):
    queue = "bulk"
    permission = NEEDED[queue]


class RetryRefund(Retry):
    queue = "refunds"
    permission = NEEDED[queue]


class RetryNews(Retry):
    queue = "news"
    permission = NEEDED[queue]


class RetryErasure(Retry):
    queue = "retention"
    permission = NEEDED[queue]
