"""Events as people read them: one sentence each, who did it, and what else was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.undo import HOURS, REACTIVATED, SUSPENDED
from partnerpanel.events.queries import Entry
from partnerpanel.kernel.ids import public
from partnerpanel.panel.statuses import look
from partnerpanel.tenancy.queries import names_of

# kind -> sentence, icon, tone
KINDS = {
    "customer.created": (gettext_lazy("Customer created"), "user-plus", "blue"),
    "customer.updated": (gettext_lazy("Customer data changed"), "pencil", "gray"),
    "customer.tagged": (gettext_lazy("Tags changed"), "tag", "gray"),
    "customer.suspended": (gettext_lazy("Account suspended"), "lock", "red"),
    "customer.reactivated": (gettext_lazy("Account reactivated"), "player-play", "green"),
    "note.added": (gettext_lazy("Note added"), "note", "gray"),
    "subscription.created": (gettext_lazy("Subscription created"), "plus", "blue"),
    "subscription.suspended": (gettext_lazy("Subscription suspended"), "lock", "red"),
    "subscription.reactivated": (gettext_lazy("Subscription reactivated"), "player-play", "green"),
    "subscription.access_changed": (gettext_lazy("Access of a subscription changed"), "plug-connected", "gray"),
    "subscription.provisioned": (gettext_lazy("Service set up"), "plug-connected", "green"),
    "subscription.updated": (gettext_lazy("Subscription data changed"), "pencil", "gray"),
    "subscription.cut_over": (gettext_lazy("Billing begins here"), "bolt", "blue"),
    "service_account.enabled": (gettext_lazy("Login enabled at the service"), "plug-connected", "green"),
    "service_account.disabled": (gettext_lazy("Login disabled at the service"), "plug-connected", "gray"),
    "service_account.absent": (gettext_lazy("Login removed at the service"), "plug-connected", "gray"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline component. `undo` is the action's public id while it can be undone."""

    text: str
    at: datetime
    actor: str
    icon: str
    tone: str
    note: str
    undo: str = ""


def told(entries: Sequence[Entry], *, now: datetime) -> list[Told]:
    """The entries in their order, with the names of those who acted."""
    people = names_of({entry.actor_id for entry in entries if entry.actor_id})
    undone = {entry.data["undoes"] for entry in entries if "undoes" in entry.data}
    return [_told(entry, people, undone, now) for entry in entries]


def _told(entry: Entry, people: dict[UUID, str], undone: set[str], now: datetime) -> Told:
    sentence, icon, tone = KINDS.get(entry.kind, (entry.kind, "activity", "gray"))
    holds = [str(look(kind).text) for kind in [*entry.data.get("placed", []), *entry.data.get("released", [])]]
    text = f"{sentence}: {', '.join(holds)}" if holds else str(sentence)
    if entry.data.get("undoes"):
        text = _("%(what)s (undone)") % {"what": text}
    actor = people.get(entry.actor_id, _("somebody who has left")) if entry.actor_id else _("the system")
    undo = ""
    recent = now - entry.occurred_at <= timedelta(hours=HOURS)
    if entry.kind in SUSPENDED + REACTIVATED and recent and str(entry.action_id) not in undone:
        undo = public("act", entry.action_id)
    return Told(text, entry.occurred_at, actor, icon, tone, entry.words.get("reason", ""), undo)
