"""What is to be undone, and why it sometimes cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.events.queries import Entry
from subscriptions.rules.access_plan import Refusal
from subscriptions.rules.states import HoldKind

HOURS = 24


@dataclass(frozen=True, slots=True)
class Undone:
    """An action, and the kinds of holds that it placed."""

    action_id: UUID
    kinds: frozenset[HoldKind] = frozenset()


def too_late(entry: Entry, now: datetime) -> Refusal | None:
    """The refusal of what is older than 24 hours of business time."""
    if now - entry.occurred_at <= timedelta(hours=HOURS):
        return None
    return Refusal("too_late_to_undo", _("This was done more than 24 hours ago and can no longer be undone."))


def nothing_to_undo() -> Refusal:
    """Of what the action did not concern, or what is undone by now."""
    return Refusal("nothing_to_undo", _("There is nothing to undo."))


def changed_since() -> Refusal:
    """Of what somebody or something has changed since."""
    return Refusal("changed_since", _("It has been changed since, so undoing is no longer safe."))
