"""The add-ons of one subscription as its card tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from partnerpanel.kernel.ids import public
from partnerpanel.panel.addon_words import held_price, held_text
from partnerpanel.panel.templatetags.formats import day
from subscriptions.queries.addon_catalogue import HeldLine


@dataclass(frozen=True, slots=True)
class AddonRow:
    """One add-on: what, at which price, until when, and what can be done."""

    id: str
    name: str
    price: str
    note: str
    can_remove: bool
    can_keep: bool


def addon_rows(lines: Sequence[HeldLine], ends_on: date | None) -> list[AddonRow]:
    """`ends_on` is the end of the running period."""
    return [_row(one, ends_on) for one in lines]


def _row(line: HeldLine, ends_on: date | None) -> AddonRow:
    held, note = line.held, ""
    words = {"day": day(held.until_on or ends_on)}
    if held.until_on or held.leaves or line.drops:
        note = _("until %(day)s") % words
    elif line.asks:
        note = _("Keep it after %(day)s? Otherwise it ends then.") % words
    return AddonRow(
        id=public("held", held.id),
        name=held_text(held),
        price=held_price(held),
        note=note,
        can_remove=held.recurs and not held.leaves and not line.drops,
        can_keep=held.recurs and not line.drops and (held.leaves or line.asks),
    )
