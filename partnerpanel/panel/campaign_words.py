"""Campaigns in words: to whom they go, and what became of each recipient."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.filters import Tab
from notifications.campaigns.queries import Figures
from notifications.marketing.rules.reasons import LeftOut
from partnerpanel.actions.campaigns import Audience, Reach
from partnerpanel.panel.list_state import TABS
from partnerpanel.panel.listing import country_name
from partnerpanel.panel.marketing_words import LEFT_OUT
from partnerpanel.panel.templatetags.formats import number


def audience_text(audience: Audience, plans: dict[str, str]) -> str:
    """“Active · Plan: Basic”."""
    if audience.is_by_hand:
        many = len(audience.customers)
        return ngettext("%(n)s customer chosen by hand", "%(n)s customers chosen by hand", many) % {"n": number(many)}
    parts = [str(TABS[Tab(audience.tab)])]
    said = (
        (audience.plan, _("Plan: %s") % plans.get(audience.plan, audience.plan)),
        (audience.tag, _("Tag: %s") % audience.tag),
        (audience.country, _("Country: %s") % country_name(audience.country)),
        (audience.search, _("Search: %s") % audience.search),
        (audience.since, _("Registered from %s") % audience.since),
        (audience.until, _("Registered until %s") % audience.until),
    )
    return " · ".join([*parts, *(text for asked, text in said if asked)])


def reasons(found: Reach) -> list[tuple[str, str]]:
    """How many are left out for which reason."""
    return [(number(many), LEFT_OUT[reason]) for reason, many in found.left_out.items()]


def recipient_row(row: Any) -> dict[str, Any]:
    """A message of a campaign, with its customer."""
    return {
        "customer_id": row.customer_id,
        "name": row.customer.name,
        "address": row.to_address or row.customer.email,
        "state": outcome_of(row),
        "why": LEFT_OUT[LeftOut(row.left_out_because)] if row.left_out_because else row.last_error,
        "at": row.sent_at or row.settled_at,
    }


def outcome_of(row: Any) -> str:
    """The code of what became of it, the last that is known."""
    if row.unsubscribed_at:
        return "unsubscribed"
    if row.complained_at:
        return "complained"
    if row.bounced_at:
        return "bounced"
    return "delivered" if row.delivered_at else str(row.state)


def figure_lines(figures: Figures) -> list[tuple[str, str, str]]:
    """Label, number and icon of what is to be seen at a glance."""
    lines = [
        (_("Sent"), figures.sent, "send"),
        (_("Waiting"), figures.waiting, "clock"),
        (_("Left out"), figures.left_out, "circle-dashed"),
        (_("Failed or unknown"), figures.failed + figures.unknown, "alert-circle"),
        (_("Delivered"), figures.delivered, "circle-check"),
        (_("Came back"), figures.bounced, "alert-triangle"),
        (_("Marked as spam"), figures.complained, "circle-x"),
        (_("Unsubscribed"), figures.unsubscribed, "mail"),
    ]
    return [(label, number(many), icon) for label, many, icon in lines]
