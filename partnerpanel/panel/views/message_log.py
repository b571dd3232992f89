"""The log of all messages, one of them with its copy, and why a customer did or did not get one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.queries import detail
from notifications.campaigns.queries import campaign_page
from notifications.log import Wanted, message_page, why_campaign, why_kind
from notifications.queries import LABELS, message, message_line
from notifications.rules.kinds import TO_STAFF, MessageKind
from notifications.rules.states import MessageState
from notifications.sheets import copy_of
from partnerpanel.events.queries import by_ids
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.kernel.paging import InvalidCursor
from partnerpanel.panel.mail_frames import alone
from partnerpanel.panel.mail_why import sentences
from partnerpanel.panel.marketing_words import LEFT_OUT, TOPICS
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.statuses import look
from partnerpanel.panel.story import entry_text
from partnerpanel.panel.views.campaigns import PREFIX as CAMPAIGN

PREFIX = "msg"
CAMPAIGNS = 100


class MessageLog(PanelView):
    """All messages, the newest first; its address says what it is narrowed to."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner_id, asked = self.visit.partner.pk, request.GET
        wanted = Wanted(
            asked.get("state", ""),
            asked.get("kind", ""),
            _id("cus", asked.get("customer", "")),
            _id(CAMPAIGN, asked.get("campaign", "")),
        )
        cursor = asked.get("cursor") or None
        try:
            page = message_page(partner_id, wanted, cursor=cursor)
        except InvalidCursor:
            page = message_page(partner_id, wanted, cursor=None)
        context = {
            "section": "messages",
            "rows": [(row, message_line(row), _state(row)) for row in page.rows],
            "headings": [{"text": text} for text in (_("Mail"), _("Customer"), _("Kind"), _("State"), _("When"))],
            "states": [(one.value, look(one.value).text, one.value == wanted.state) for one in MessageState],
            "kinds": kind_choices(wanted.kind),
            "campaigns": campaign_choices(partner_id, asked.get("campaign", "")),
            "customer": asked.get("customer", ""),
            "is_narrowed": any(asked.get(name) for name in ("state", "kind", "customer", "campaign")),
            "previous_url": page.previous and _address(asked, page.previous),
            "next_url": page.next and _address(asked, page.next),
        }
        return self.page("panel/messages/list.html", context)


class MessagePage(PanelView):
    """One message: what became of it, what caused it, and its copy in a frame of its own."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, message: str) -> HttpResponse:
        partner, line = self.visit.partner, _message(self.visit.partner.pk, message)
        event = by_ids(partner.pk, [line.event_id]).get(line.event_id)
        context = {
            "section": "messages",
            "crumbs": [{"text": _("Messages"), "url": reverse("message-log", args=[partner.slug])}],
            "message": line,
            "message_id": public(PREFIX, line.id),
            "title": line.subject or line.label,
            "topic": TOPICS.get(line.topic, ""),
            "left_out": LEFT_OUT[line.left_out] if line.left_out else "",
            "status": "bounced" if line.bounced_at else line.state.value,
            "caused_by": entry_text(event) if event else "",
            "caused_at": event.occurred_at if event else None,
        }
        return self.page("panel/messages/detail.html", context)


class MessageCopy(PanelView):
    """What was sent, alone on a page that runs nothing and loads the partner's logo alone."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, message: str) -> HttpResponse:
        partner_id = self.visit.partner.pk
        html, look = copy_of(partner_id, _message(partner_id, message))
        return alone(HttpResponse(html), look)


class WhyMail(PanelView):
    """Why one customer did or did not get a kind of mail, or a campaign."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, customer: str) -> HttpResponse:
        partner, customer_id = self.visit.partner, parse("cus", customer)
        found = detail.customer(partner.pk, customer_id)
        kind, campaign = request.GET.get("kind", ""), request.GET.get("campaign", "")
        context = {
            "section": "customers",
            "crumbs": [
                {"text": _("Customers"), "url": reverse("customers", args=[partner.slug])},
                {"text": found.name, "url": reverse("customer", args=[partner.slug, customer])},
            ],
            "kinds": kind_choices(kind, without=TO_STAFF),
            "campaigns": campaign_choices(partner.pk, campaign),
            "answers": self._answers(customer_id, kind, campaign),
        }
        return self.page("panel/messages/why.html", context)

    def _answers(self, customer_id: UUID, kind: str, campaign: str) -> list[str]:
        partner_id, now = self.visit.partner.pk, self.visit.now
        if campaign:
            return sentences(why_campaign(partner_id, customer_id, parse(CAMPAIGN, campaign), now=now))
        if kind in set(MessageKind):
            return sentences(why_kind(partner_id, customer_id, MessageKind(kind), now=now))
        return []


def kind_choices(chosen: str, *, without: tuple[MessageKind, ...] = ()) -> list[tuple[str, str, bool]]:
    """Kinds of mail by what they are called."""
    named = [(kind.value, str(label), kind.value == chosen) for kind, label in LABELS.items() if kind not in without]
    return sorted(named, key=lambda one: one[1])


def campaign_choices(partner_id: UUID, chosen: str) -> list[tuple[str, str, bool]]:
    """The newest campaigns."""
    rows = campaign_page(partner_id, cursor=None, limit=CAMPAIGNS).rows
    return [(public(CAMPAIGN, row.pk), row.title, public(CAMPAIGN, row.pk) == chosen) for row in rows]


def _message(partner_id: UUID, message_id: str) -> Any:
    return message(partner_id, parse(PREFIX, message_id))


def _state(row: Any) -> str:
    return "bounced" if row.bounced_at else str(row.state)


def _id(prefix: str, text: str) -> UUID | None:
    """What is no id is not asked for."""
    try:
        return parse(prefix, text) if text else None
    except NotFound:
        return None


def _address(asked: Any, cursor: str) -> str:
    pairs = {name: asked.get(name, "") for name in ("state", "kind", "customer", "campaign")}
    return "?" + urlencode({**{name: value for name, value in pairs.items() if value}, "cursor": cursor})
