"""What a person does to one invoice: credit a part of it, correct it, take it back, give it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext

from billing.queries.corrections import written_document
from billing.queries.refund_facts import document_facts
from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.voiding import VoidThen, plan_giving_up, plan_void
from billing.rules.facts import ChangeFacts
from billing.rules.refunds.correcting import plan_correction
from billing.rules.refunds.crediting import CreditWish, plan_credit
from billing.rules.refunds.facts import DocumentFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.money import Money

__all__ = ["CorrectInvoice", "CreditInvoice", "GiveUpInvoice", "InvalidInvoiceVerb", "VoidInvoice", "VoidThen"]

NOTE_LENGTH = 500


class InvalidInvoiceVerb(DomainError):
    """No reason that a team could read."""

    code = "invalid_invoice_verb"


@dataclass(frozen=True, slots=True)
class CreditInvoice(SubscriptionVerb):
    """A credit note: of a paid invoice to the balance, of an open one off what it asks for. `amount` None is all that
    is left, `lines` narrows it to some of the invoice's lines. Raises InvalidInvoiceVerb without a note."""

    name: ClassVar[str] = "credit_invoice"

    targets: tuple[Target, ...]
    invoice_id: UUID
    note: str
    amount: Money | None = None
    lines: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        _refuse_no_note(self.note)

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.CREDIT})

    def inputs(self) -> dict[str, Any]:
        return {
            "invoice": str(self.invoice_id),
            "amount": [self.amount.amount, self.amount.currency] if self.amount else None,
            "lines": [str(line) for line in self.lines],
            "reason": self.note.strip(),
        }

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        amount = Money(*inputs["amount"]) if inputs["amount"] else None
        return cls(targets, UUID(inputs["invoice"]), inputs["reason"], amount, tuple(map(UUID, inputs["lines"])))

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        document = document_facts(partner_id, self.invoice_id)
        wish = CreditWish(self.note, self.amount, self.lines)

        def planned(one: ChangeFacts, ids: ChangeIds, _: datetime) -> Planned:
            _refuse_others(document, one)
            return plan_credit(one, document, wish, ids=ids)

        return planned


@dataclass(frozen=True, slots=True)
class CorrectInvoice(SubscriptionVerb):
    """An invoice with the parties as they are now in the place of one with the wrong details; see `plan_correction`.

    With `keeps_total` it is refused where a paid one would come to less, which takes the permission to credit.
    """

    name: ClassVar[str] = "correct_invoice"
    while_banned: ClassVar[bool] = True

    targets: tuple[Target, ...]
    invoice_id: UUID
    note: str
    keeps_total: bool = False

    def __post_init__(self) -> None:
        _refuse_no_note(self.note)

    def permissions(self) -> frozenset[Permission]:
        gives_back = set() if self.keeps_total else {Permission.CREDIT}
        return frozenset({Permission.CORRECT_INVOICES} | gives_back)

    def inputs(self) -> dict[str, Any]:
        return {"invoice": str(self.invoice_id), "keeps_total": self.keeps_total, "reason": self.note.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, UUID(inputs["invoice"]), inputs["reason"], inputs["keeps_total"])

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        document = written_document(partner_id, self.invoice_id)

        def planned(one: ChangeFacts, ids: ChangeIds, _: datetime) -> Planned:
            _refuse_others(document.facts, one)
            return plan_correction(one, document, note=self.note, keeps_total=self.keeps_total, ids=ids)

        return planned


@dataclass(frozen=True, slots=True)
class VoidInvoice(SubscriptionVerb):
    """Takes an open invoice back. `then` is for renewals; to forgive the period takes the permission to waive."""

    name: ClassVar[str] = "void_invoice"

    targets: tuple[Target, ...]
    invoice_id: UUID
    note: str
    then: VoidThen = VoidThen.REBILL

    def __post_init__(self) -> None:
        _refuse_no_note(self.note)

    def permissions(self) -> frozenset[Permission]:
        forgives = {Permission.WAIVE} if self.then is VoidThen.FORGIVE else set()
        return frozenset({Permission.VOID_INVOICES} | forgives)

    def inputs(self) -> dict[str, Any]:
        return {"invoice": str(self.invoice_id), "then": self.then.value, "reason": self.note.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, UUID(inputs["invoice"]), inputs["reason"], VoidThen(inputs["then"]))

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        document = document_facts(partner_id, self.invoice_id)

        def planned(one: ChangeFacts, _: ChangeIds, now: datetime) -> Planned:
            _refuse_others(document, one)
            return plan_void(one, self.invoice_id, then=self.then, note=self.note.strip(), now=now)

        return planned


@dataclass(frozen=True, slots=True)
class GiveUpInvoice(SubscriptionVerb):
    """Marks an open invoice as uncollectible."""

    name: ClassVar[str] = "give_up_invoice"

    targets: tuple[Target, ...]
    invoice_id: UUID
    note: str

    def __post_init__(self) -> None:
        _refuse_no_note(self.note)

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.VOID_INVOICES, Permission.CANCEL})

    def inputs(self) -> dict[str, Any]:
        return {"invoice": str(self.invoice_id), "reason": self.note.strip()}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, UUID(inputs["invoice"]), inputs["reason"])

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        document = document_facts(partner_id, self.invoice_id)

        def planned(one: ChangeFacts, _: ChangeIds, now: datetime) -> Planned:
            _refuse_others(document, one)
            return plan_giving_up(one, self.invoice_id, note=self.note.strip(), now=now)

        return planned


def _refuse_no_note(note: str) -> None:
    if not 1 <= len(note.strip()) <= NOTE_LENGTH:
        raise InvalidInvoiceVerb(gettext("Give a note of at most 500 letters; your team reads it."), field="note")


def _refuse_others(document: DocumentFacts, one: ChangeFacts) -> None:
    if document.subscription_id != one.billing.subscription_id:
        raise NotFound(gettext("There is no such invoice."), field="invoice")
