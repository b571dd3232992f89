"""The changes of one subscription as its card tells them: the one that waits, and those before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.customer_money import Coming
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.panel.money_quote import price_text
from partnerpanel.panel.templatetags.formats import day
from subscriptions.queries.changes import ChangeView
from subscriptions.queries.summaries import SubscriptionLine
from subscriptions.rules.changes import ChangeKind, ChangeState

STATES: Mapping[ChangeState, Any] = {
    ChangeState.SCHEDULED: gettext_lazy("planned"),
    ChangeState.AWAITING: gettext_lazy("waits for payment"),
    ChangeState.APPLIED: gettext_lazy("done"),
    ChangeState.CANCELLED: gettext_lazy("cancelled"),
    ChangeState.FAILED: gettext_lazy("not paid"),
    ChangeState.REVERSED: gettext_lazy("taken back"),
}


@dataclass(frozen=True, slots=True)
class Pending:
    """The change that waits; `due` and `invoice_id` where it waits for its payment."""

    id: str
    text: str
    due: Money | None
    invoice_id: UUID | None
    is_charging: bool


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the history; `why` are the amounts that it billed and credited."""

    id: str
    text: str
    state: Any
    at: datetime
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChangeLines:
    pending: Pending | None
    past: Sequence[Past]


def change_lines(
    line: SubscriptionLine,
    changes: Sequence[ChangeView],
    coming: Coming | None,
    why: Mapping[UUID, Sequence[str]],
) -> ChangeLines:
    """Of one subscription; `changes` newest first, `why` what explains the money of each that moved some."""
    waiting = next((one for one in changes if one.is_open), None)
    return ChangeLines(
        _pending(waiting, line.term_ends_on, coming) if waiting else None,
        [_past(one, why.get(one.id, ())) for one in changes if not one.is_open],
    )


def _pending(change: ChangeView, on: date | None, coming: Coming | None) -> Pending:
    owed = coming.change if coming and change.state is ChangeState.AWAITING else None
    return Pending(
        id=public("chg", change.id),
        text=_waits(change, on),
        due=owed.due if owed else None,
        invoice_id=owed.id if owed else None,
        is_charging=bool(coming and coming.is_charging),
    )


def _waits(change: ChangeView, on: date | None) -> str:
    words = {"before": change.before.plan.name, "after": change.after.plan.name, "price": price_text(change.after)}
    words["day"] = day(change.ends_on if change.kind is ChangeKind.BILLING_DATE else on)
    if change.kind is ChangeKind.BILLING_DATE:
        return _("The billing date moves to %(day)s when the days until then are paid.") % words
    if change.addon:
        return _("%(addon)s is added when it is paid. Until then everything stays as it is.") % {"addon": change.addon}
    if change.state is ChangeState.AWAITING:
        return _("%(after)s · %(price)s begins when it is paid. Until then %(before)s goes on.") % words
    return _("From %(day)s on: %(after)s · %(price)s instead of %(before)s.") % words


def _past(change: ChangeView, why: Sequence[str]) -> Past:
    words = {"before": change.before.plan.name, "after": change.after.plan.name, "day": day(change.ends_on)}
    if change.kind is ChangeKind.BILLING_DATE:
        text = _("Billing date to %(day)s") % words
    elif change.addon:
        text = _("Add-on: %(addon)s") % {"addon": change.addon}
    elif change.kind is ChangeKind.ROLLBACK:
        text = _("Back from %(before)s to %(after)s") % words
    elif change.kind is ChangeKind.QUANTITY or change.before.plan.id == change.after.plan.id:
        words |= {"was": price_text(change.before), "will": price_text(change.after)}
        text = _("%(after)s: %(was)s → %(will)s") % words
    else:
        text = _("%(before)s → %(after)s") % words
    return Past(public("chg", change.id), text, STATES[change.state], change.settled_at or change.made_at, why)
