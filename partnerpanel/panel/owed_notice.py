"""What a partner's own people read on every page while its subscription to the platform is unpaid or blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from partnerpanel.panel.money_quote import FORMATS
from partnerpanel.platform.rules.standing import Standing, Why
from partnerpanel.policy.wording import sentence_text

if TYPE_CHECKING:
    from partnerpanel.tenancy.models import Partner

TITLES: dict[Why | None, Any] = {
    None: _("Your subscription is unpaid"),
    Why.NONPAYMENT: _("Frozen until your subscription is paid"),
    Why.HELD: _("Your subscription is suspended"),
    Why.PAUSED: _("Your subscription is paused"),
    Why.ENDED: _("Your subscription has ended"),
}
WAITS = _(
    "Nothing is deleted. Your customers keep their service; their renewals wait and are caught up when this is settled."
)
THEN = _("After that only this subscription can be reached until it is paid; nothing is deleted.")
WRITE = _("Write to us, and we settle it with you.")


@dataclass(frozen=True, slots=True)
class Notice:
    """`can_pay`: paying settles it. `tone` as of the alert component."""

    title: Any
    sentences: Sequence[Any]
    tone: str
    can_pay: bool


def notice_of(partner: Partner, *, today: date) -> Notice | None:
    """From the standing that is kept with the partner, without a query; a twin reads its partner's."""
    standing = Standing.from_document(partner.live.standing)
    if standing == Standing():
        return None
    sentences: list[Any] = [sentence_text(one, FORMATS) for one in standing.sentences(today)]
    if standing.frozen is None:
        return Notice(TITLES[None], [*sentences[:1], THEN, *sentences[1:]], "amber", can_pay=True)
    can_pay = standing.unpaid is not None
    if standing.frozen is not Why.NONPAYMENT:
        sentences = [WRITE]
    return Notice(TITLES[standing.frozen], [*sentences, WAITS], "red", can_pay=can_pay)
