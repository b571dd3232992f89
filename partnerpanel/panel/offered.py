"""What menus offer for a subscription: what its state allows and the role may, as people look for it.

A menu knows less than the rules; what it cannot know, the popup refuses with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerpanel.actions.permission import Permission, may
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.summaries import SubscriptionLine
from subscriptions.rules.states import SERVED, Collection, Lifecycle


@dataclass(frozen=True, slots=True)
class Offer:
    """An item of a menu. `address` is the popup's, below the subscription or its customer."""

    address: str
    text: Any
    icon: str
    permission: Permission
    danger: bool = False


OFFERS = (
    Offer("extend", _("Extend"), "calendar-plus", Permission.EXTEND),
    Offer("change-plan", _("Change Plan"), "exchange", Permission.CHANGE_PLAN),
    Offer("change-quantity", _("Change quantity"), "plus", Permission.CHANGE_PLAN),
    Offer("add-addon", _("Add add-on"), "plus", Permission.CHANGE_PLAN),
    Offer("end-trial", _("End trial now"), "player-play", Permission.CHARGE),
    Offer("rollback-plan", _("Rollback Plan"), "arrow-back-up", Permission.CHANGE_PLAN),
    Offer("apply-coupon", _("Redeem coupon"), "tag", Permission.CHANGE_PLAN),
    Offer("billing-date", _("Move billing date"), "calendar", Permission.CHANGE_PLAN),
    Offer("skip-renewal", _("Skip renewal"), "arrow-narrow-right", Permission.EXTEND),
    Offer("pause", pgettext_lazy("subscription", "Pause"), "player-pause", Permission.PAUSE),
    Offer("resume", _("Resume"), "player-play", Permission.PAUSE),
    Offer("restart", _("Restart"), "refresh", Permission.CHANGE_PLAN),
    Offer("waive", _("Waive"), "receipt", Permission.WAIVE),
    Offer("set-limit", _("Set limits"), "adjustments-horizontal", Permission.SUSPEND),
    Offer("keep", _("Keep"), "circle-check", Permission.CANCEL),
    Offer("cancel", _("Cancel subscription"), "circle-x", Permission.CANCEL, danger=True),
)


def offered(lines: Iterable[SubscriptionLine], actor: Actor) -> list[Offer]:
    """For any of the subscriptions."""
    allowed = frozenset[str]().union(*map(allowed_by_state, lines))
    return [one for one in OFFERS if one.address in allowed and may(actor, one.permission)]


def allowed_by_state(line: SubscriptionLine) -> frozenset[str]:
    """The popups that have something to do for it."""
    if line.lifecycle is Lifecycle.ENDED:
        began = line.term_ends_on is not None and not line.awaits_cut_over
        return frozenset({"restart"} if began else ())
    found = {"cancel", "drop-change", "set-limit"}
    if line.lifecycle not in SERVED or line.awaits_cut_over or line.term_ends_on is None:
        return frozenset(found)
    if line.cancel_at_period_end:
        found.add("keep")
    if line.has_pause:
        found.add("resume")
    if line.is_paused:
        return frozenset(found)
    found |= {"extend", "rollback-plan"}
    if not line.cancel_at_period_end:
        found |= {"change-plan", "change-quantity", "add-addon", "remove-addon", "keep-addon"}
        found |= {"apply-coupon", "remove-coupon"}
        if line.lifecycle is Lifecycle.TRIALING and line.collection is Collection.CURRENT and not line.is_due:
            found.add("end-trial")
    if line.collection is not Collection.CURRENT:
        found.add("waive")
    elif not (line.cancel_at_period_end or line.is_due or line.lifecycle is Lifecycle.TRIALING):
        found |= {"billing-date", "skip-renewal"} | (set() if line.has_pause else {"pause"})
    return frozenset(found)
