"""Extend: months along the anchor, or days that move it; given, or paid for outside the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.documents.states import PaymentSource
from billing.rules.changes.extension import MONTHS, MOST_DAYS, ExtensionWish, OutsidePayment, plan_extension
from billing.rules.facts import ChangeFacts
from billing.services.pay import BY_HAND, NOTE_LENGTH
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money

__all__ = ["Extend", "InvalidExtension", "OutsidePayment"]


class InvalidExtension(DomainError):
    """An extension that lacks what it needs; `field` names which."""

    code = "invalid_extension"


@dataclass(frozen=True, slots=True)
class Extend(SubscriptionVerb):
    """Either months or days, and a note. Raises InvalidExtension naming the field."""

    name: ClassVar[str] = "extend"

    targets: tuple[Target, ...]
    note: str
    months: int = 0
    days: int = 0
    payment: OutsidePayment | None = None

    def __post_init__(self) -> None:
        if bool(self.months) == bool(self.days):
            raise InvalidExtension(_("Choose months or days."), field="duration")
        if self.months and self.months not in MONTHS:
            raise InvalidExtension(_("Extend by 1, 3, 6 or 12 months, or by days."), field="duration")
        if self.days and not 1 <= self.days <= MOST_DAYS:
            raise InvalidExtension(_("Extend by 1 to %(most)s days.") % {"most": MOST_DAYS}, field="days")
        if not 1 <= len(self.note.strip()) <= NOTE_LENGTH:
            raise InvalidExtension(_("Give a note of at most 500 letters; your team reads it."), field="note")
        if self.payment and self.payment.amount.amount <= 0:
            raise InvalidExtension(_("An amount is above zero."), field="amount")
        if self.payment and self.payment.source not in BY_HAND:
            raise InvalidExtension(_("Say how it came: bank, cash or other."), field="source")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.EXTEND} | ({Permission.RECORD_PAYMENT} if self.payment else set()))

    def inputs(self) -> dict[str, Any]:
        payment = self.payment
        paid = payment and {
            "amount": [payment.amount.amount, payment.amount.currency],
            "source": payment.source.value,
            "received_on": payment.received_on.isoformat(),
        }
        return {"months": self.months, "days": self.days, "payment": paid, "reason": self.note.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        paid = inputs["payment"]
        payment = paid and OutsidePayment(
            Money(*paid["amount"]), PaymentSource(paid["source"]), date.fromisoformat(paid["received_on"])
        )
        return cls(targets, inputs["reason"], inputs["months"], inputs["days"], payment)

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        wish = ExtensionWish(self.note.strip(), self.months, self.days, self.payment)
        return lambda one, ids, now: plan_extension(one, wish, ids=ids, now=now)
