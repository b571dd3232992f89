"""What is used of a subscription's allowances, as its card tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerpanel.panel.templatetags.formats import number
from subscriptions.rules.usage import AllowanceUse

# The level of use -> how its bar looks; a level is told by an icon and its percent, too.
TONES = {0: "blue", 80: "amber", 100: "red"}


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One allowance: how much of it is used, and what makes up the limit. `shown` fills the bar, 0 to 100."""

    name: str
    text: str
    note: str
    percent: int
    shown: int
    tone: str
    is_near: bool


def usage_rows(uses: Sequence[AllowanceUse]) -> list[UsageRow]:
    """In their order."""
    return [_row(one) for one in uses]


def _row(use: AllowanceUse) -> UsageRow:
    return UsageRow(
        name=use.name,
        text=_("%(used)s of %(limit)s") % {"used": number(use.used), "limit": number(use.limit)},
        note=" · ".join(_parts(use)),
        percent=use.percent,
        shown=min(use.percent, 100),
        tone=TONES[use.level],
        is_near=use.level > 0,
    )


def _parts(use: AllowanceUse) -> list[str]:
    packs = use.from_packs + use.pack_left
    parts = []
    if packs:
        parts.append(_("%(included)s included") % {"included": number(use.included)})
        parts.append(_("%(packs)s from packs") % {"packs": number(packs)})
    if use.over:
        parts.append(_("%(over)s over") % {"over": number(use.over)})
    else:
        parts.append(_("%(left)s left") % {"left": number(use.left)})
    return parts
