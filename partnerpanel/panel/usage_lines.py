"""What is used of a subscription's allowances, as its card tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerpanel.panel.templatetags.formats import day, number
from subscriptions.rules.limits import LimitByHand
from subscriptions.rules.usage import AllowanceUse

# The level of use -> how its bar looks; a level is told by an icon and its percent, too.
TONES = {0: "blue", 80: "amber", 100: "red"}


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One allowance: how much of it is used, and what makes up the limit.

    `shown` fills the bar, 0 to 100; `set_by_hand` says since when it is set strictly, and why.
    """

    name: str
    text: str
    note: str
    percent: int
    shown: int
    tone: str
    is_near: bool
    set_by_hand: str = ""


def usage_rows(uses: Sequence[AllowanceUse], limits: Mapping[str, LimitByHand], zone: str) -> list[UsageRow]:
    """In their order; days are those of the zone."""
    return [_row(one, limits.get(one.name), zone) for one in uses]


def _row(use: AllowanceUse, limit: LimitByHand | None, zone: str) -> UsageRow:
    return UsageRow(
        name=use.name,
        text=_("%(used)s of %(limit)s") % {"used": number(use.used), "limit": number(use.limit)},
        note=" · ".join(_parts(use)),
        percent=use.percent,
        shown=min(use.percent, 100),
        tone=TONES[use.level],
        is_near=use.level > 0,
        set_by_hand=_set(limit, zone) if limit else "",
    )


def _parts(use: AllowanceUse) -> list[str]:
    packs = use.from_packs + use.pack_left
    parts = []
    if use.set_to is not None:
        parts.append(_("set by hand instead of %(given)s") % {"given": number(use.given)})
    elif packs:
        parts.append(_("%(included)s included") % {"included": number(use.included)})
        parts.append(_("%(packs)s from packs") % {"packs": number(packs)})
    if use.over:
        parts.append(_("%(over)s over") % {"over": number(use.over)})
    else:
        parts.append(_("%(left)s left") % {"left": number(use.left)})
    return parts


def _set(limit: LimitByHand, zone: str) -> str:
    """“Set on 15 Mar 2026: shares its login”."""
    text = _("Set on %(day)s: %(reason)s") if limit.reason else _("Set on %(day)s")
    return text % {"day": day(limit.set_at, zone), "reason": limit.reason}
