"""Refund: money of a payment goes back, with a credit note and what the policy says of access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.queries.refund_facts import payment_facts
from billing.refunds.states import RefundReason, RefundSource
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.facts import ChangeFacts
from billing.rules.refunds.refunding import RefundHow, RefundWish, plan_refund
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.refund import RefundAccess

__all__ = ["InvalidRefund", "Refund", "RefundAccess", "RefundHow", "RefundReason", "RefundSource"]

NOTE_LENGTH = 500


class InvalidRefund(DomainError):
    """A refund that lacks what it needs; `field` names which."""

    code = "invalid_refund"


@dataclass(frozen=True, slots=True)
class Refund(SubscriptionVerb):
    """Of one payment; the target is its subscription. `amount` is for RefundHow.AMOUNT.

    `access` None leaves to the policy what becomes of it, `source` None gives the money back the way it came.
    `any_time` asks for it outside of the policy's hours, which needs a permission of its own. Raises InvalidRefund.
    """

    name: ClassVar[str] = "refund"

    targets: tuple[Target, ...]
    payment_id: UUID
    how: RefundHow
    reason: RefundReason
    note: str = ""
    amount: Money | None = None
    access: RefundAccess | None = None
    source: RefundSource | None = None
    any_time: bool = False

    def __post_init__(self) -> None:
        if len(self.targets) > 1:
            raise InvalidRefund(_("A payment is of one subscription."), field="payment")
        if len(self.note) > NOTE_LENGTH:
            raise InvalidRefund(_("A note has at most 500 letters."), field="note")
        if (self.how is RefundHow.AMOUNT) != (self.amount is not None):
            raise InvalidRefund(_("Say how much goes back."), field="amount")

    def permissions(self) -> frozenset[Permission]:
        needed = {Permission.REFUND} | ({Permission.REFUND_ANY_TIME} if self.any_time else set())
        ends = self.access in (RefundAccess.END_NOW, RefundAccess.PERIOD_END)
        return frozenset(needed | ({Permission.CANCEL} if ends else set()))

    def inputs(self) -> dict[str, Any]:
        return {
            "payment": str(self.payment_id),
            "how": self.how.value,
            "why": self.reason.value,
            "amount": [self.amount.amount, self.amount.currency] if self.amount else None,
            "access": self.access.value if self.access else None,
            "source": self.source.value if self.source else None,
            "any_time": self.any_time,
            "reason": self.note.strip(),
        }

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(
            targets,
            UUID(inputs["payment"]),
            RefundHow(inputs["how"]),
            RefundReason(inputs["why"]),
            inputs["reason"],
            Money(*inputs["amount"]) if inputs["amount"] else None,
            RefundAccess(inputs["access"]) if inputs["access"] else None,
            RefundSource(inputs["source"]) if inputs["source"] else None,
            inputs["any_time"],
        )

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        payment = payment_facts(partner_id, self.payment_id)
        wish = RefundWish(
            self.how, self.reason, self.note.strip(), self.amount, self.access, self.source, self.any_time
        )

        def planned(one: ChangeFacts, ids: ChangeIds, now: datetime) -> Planned:
            if payment.document.subscription_id != one.billing.subscription_id:
                raise NotFound(_("There is no such payment."), field="payment")
            return plan_refund(one, payment, wish, ids=ids, now=now)

        return planned
