"""Changes of the catalogue as people read them: before and after, and the dated history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.events.queries import Entry
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Unit
from partnerpanel.panel.templatetags.formats import NOTHING, day, money_text, number
from partnerpanel.panel.templatetags.intervals import per_interval
from partnerpanel.tenancy.queries import names_of
from subscriptions.rules.catalogue import Changes

# kind -> sentence, icon, tone
KINDS: dict[str, tuple[Any, str, str]] = {
    "product.created": (gettext_lazy("Product created"), "plus", "blue"),
    "product.updated": (gettext_lazy("Product renamed"), "pencil", "gray"),
    "product.archived": (gettext_lazy("Product archived: its plans are not sold any more"), "inbox", "amber"),
    "product.restored": (gettext_lazy("Product is on sale again"), "tag", "green"),
    "addon.created": (gettext_lazy("Add-on created"), "plus", "blue"),
    "addon.updated": (gettext_lazy("Add-on changed"), "pencil", "gray"),
    "addon.archived": (gettext_lazy("Add-on archived: not sold any more"), "inbox", "amber"),
    "addon.restored": (gettext_lazy("Add-on is on sale again"), "tag", "green"),
    "coupon.created": (gettext_lazy("Coupon created"), "plus", "blue"),
    "coupon.updated": (gettext_lazy("Coupon changed"), "pencil", "gray"),
    "coupon.archived": (gettext_lazy("Coupon archived: not redeemed any more"), "inbox", "amber"),
    "coupon.restored": (gettext_lazy("Coupon can be redeemed again"), "tag", "green"),
    "offer_rule.created": (gettext_lazy("Offer created"), "plus", "blue"),
    "offer_rule.updated": (gettext_lazy("Offer changed"), "pencil", "gray"),
    "offer_rule.switched_off": (gettext_lazy("Offer switched off"), "player-stop", "amber"),
    "offer_rule.switched_on": (gettext_lazy("Offer switched on"), "player-play", "green"),
    "campaign.created": (gettext_lazy("Campaign drafted"), "plus", "blue"),
    "campaign.updated": (gettext_lazy("Draft changed"), "pencil", "gray"),
    "campaign.confirmed": (gettext_lazy("Campaign confirmed"), "check", "blue"),
    "campaign.recalled": (gettext_lazy("Campaign recalled: nobody got it"), "arrow-back-up", "amber"),
    "campaign.started": (gettext_lazy("Sending began"), "send", "blue"),
    "campaign.stopped": (gettext_lazy("Sending stopped"), "player-pause", "amber"),
    "campaign.resumed": (gettext_lazy("Sending goes on"), "player-play", "blue"),
    "campaign.finished": (gettext_lazy("Everybody has got it"), "circle-check", "green"),
    "campaign.cancelled": (gettext_lazy("Campaign called off"), "player-stop", "red"),
    "plan.created": (gettext_lazy("Plan created"), "plus", "blue"),
    "plan.updated": (gettext_lazy("Plan changed"), "pencil", "gray"),
    "plan.archived": (gettext_lazy("Plan archived: not sold any more"), "inbox", "amber"),
    "plan.restored": (gettext_lazy("Plan is on sale again"), "tag", "green"),
    "webhook_endpoint.created": (gettext_lazy("Endpoint added"), "plus", "blue"),
    "webhook_endpoint.updated": (gettext_lazy("Endpoint changed"), "pencil", "gray"),
    "webhook_endpoint.secret_rotated": (gettext_lazy("New secret made"), "key", "blue"),
    "webhook_endpoint.enabled": (gettext_lazy("Endpoint switched on"), "player-play", "green"),
    "webhook_endpoint.disabled": (gettext_lazy("Endpoint switched off"), "player-stop", "amber"),
    "webhook_endpoint.tested": (gettext_lazy("Test event sent"), "send", "gray"),
    "template.saved": (gettext_lazy("Text changed"), "pencil", "gray"),
    "template.updated": (gettext_lazy("Title changed, or archived"), "pencil", "gray"),
    "template.reset": (gettext_lazy("The text that comes with PartnerPanel again"), "rotate-clockwise", "amber"),
    "template.restored": (gettext_lazy("An earlier text again"), "arrow-back-up", "blue"),
    "webhook_endpoint.replayed": (gettext_lazy("Messages sent again"), "refresh", "gray"),
}


# A coupon's: by field, what it is called.
DAYS = {"from_on": gettext_lazy("Valid from"), "until_on": gettext_lazy("Not valid any more from")}
LIMITS = {"most": gettext_lazy("Redemptions in all"), "most_each": gettext_lazy("Redemptions of one customer")}


def change_rows(changes: Changes) -> list[dict[str, str]]:
    """The changes component's parameter."""
    rows = []
    for field, change in changes.items():
        if field == "name":
            rows.append(_row(_("Name"), *change))
        elif field == "rank":
            rows.append(_row(_("Rank"), *(number(value) for value in change)))
        elif field == "interval":
            rows.append(_row(_("Billed"), *(_interval(value) for value in change)))
        elif field == "prices":
            rows += [
                _row(_("Price in %(currency)s") % {"currency": currency}, *(_price(value, currency) for value in pair))
                for currency, pair in change.items()
            ]
        elif field in DAYS:
            rows.append(_row(DAYS[field], *(_day(value) for value in change)))
        elif field in LIMITS:
            rows.append(_row(LIMITS[field], *(number(value) for value in change)))
        elif field == "allowances":
            rows += [_row(name, *(number(value) for value in pair)) for name, pair in change.items()]
    return rows


def history(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The timeline component's parameter."""
    people = names_of({entry.actor_id for entry in entries if entry.actor_id})
    told = []
    for entry in entries:
        text, icon, tone = KINDS.get(entry.kind, (entry.kind, "activity", "gray"))
        actor = people.get(entry.actor_id, _("somebody who has left")) if entry.actor_id else _("the system")
        rows = change_rows(entry.data.get("changes", {}))
        note = "\n".join(f"{row['label']}: {row['was']} → {row['will']}" for row in rows)
        told.append({"text": text, "at": entry.occurred_at, "actor": actor, "icon": icon, "tone": tone, "note": note})
    return told


def _row(label: Any, was: str, will: str) -> dict[str, str]:
    return {"label": str(label), "was": was or NOTHING, "will": will or NOTHING}


def _day(written: str | None) -> str:
    return NOTHING if written is None else day(date.fromisoformat(written))


def _price(amount: int | None, currency: str) -> str:
    return NOTHING if amount is None else money_text(Money(amount, currency))


def _interval(written: str | None) -> str:
    if written is None:
        return NOTHING
    count, unit = written.split()
    return per_interval(Unit(unit), int(count))
