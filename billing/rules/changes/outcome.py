"""A change planned: what will be written, and what the person who asked should see of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from billing.rules.plan import BillingPlan, LineDraft
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from subscriptions.rules.changes import Deal


class ChangeCaution(StrEnum):
    """What the person should know before they confirm."""

    TAKES_EFFECT_WHEN_PAID = "takes_effect_when_paid"
    NO_CARD = "no_card"
    REPLACES_SCHEDULED = "replaces_scheduled"
    VOIDS_OPEN_INVOICE = "voids_open_invoice"
    NEXT_INVOICE_AT_ONCE = "next_invoice_at_once"
    DATES_STAY = "dates_stay"
    NOTHING_GIVEN_BACK = "nothing_given_back"
    FREE_DAYS_LOST = "free_days_lost"
    ENDS_AT_ONCE = "ends_at_once"
    PAYMENT_TO_BALANCE = "payment_to_balance"
    CREDIT_TAKEN_BACK = "credit_taken_back"
    STAYS_DROPPED = "stays_dropped"
    HOLD_STAYS_LIFTED = "hold_stays_lifted"
    DROPS_ANNOUNCED_PRICE = "drops_announced_price"
    OUTSIDE_WINDOW = "outside_window"
    ENDS_ALREADY = "ends_already"
    BILLED_ANEW = "billed_anew"
    CHANGE_NOT_OWED = "change_not_owed"
    ENDS_GIVEN_UP = "ends_given_up"
    HAS_THIS_PLAN = "has_this_plan"
    NO_CARD_LATER = "no_card_later"
    NOTHING_BEFORE_PAYMENT = "nothing_before_payment"
    ADDONS_LEAVE = "addons_leave"
    ADDON_ENDS_ITSELF = "addon_ends_itself"
    ADDON_ASKS = "addon_asks"
    ADDON_DROPS = "addon_drops"


@dataclass(frozen=True, slots=True)
class ChangeIds:
    """Ids for what the plan may make: an invoice, an attempt or a payment that is recorded, a change, a credit note."""

    document: UUID
    attempt: UUID
    change: UUID
    note: UUID


@dataclass(frozen=True, slots=True)
class Planned:
    """`deal` is what the subscription will be on, `at_once` whether it is so when the confirmation returns or is paid.

    `why` says how the direction was decided; `keys` which keys of the policy spoke.
    """

    plan: BillingPlan
    deal: Deal
    at_once: bool = True
    why: Derivation | None = None
    keys: tuple[str, ...] = ()
    cautions: tuple[ChangeCaution, ...] = ()

    @property
    def lines(self) -> tuple[LineDraft, ...]:
        """As the customer is to pay them: credits below zero."""
        bought = self.plan.invoice.lines if self.plan.invoice else ()
        if self.plan.credit_note is None:
            return bought
        return bought + tuple(line.turned() for line in self.plan.credit_note.lines)

    @property
    def due_now(self) -> Money:
        invoice = self.plan.invoice
        return invoice.due if invoice else Money.zero(self.plan.facts.price.currency)

    @property
    def to_balance(self) -> Money:
        """What the customer has in credit afterwards more than before; below zero what is taken from it."""
        zero = Money.zero(self.plan.facts.price.currency)
        note, invoice = self.plan.credit_note, self.plan.invoice
        back = [move.given_back for move in (self.plan.void, self.plan.move) if move and move.given_back]
        parts = [note.kept if note else zero, -invoice.credit if invoice else zero, self.plan.surplus or zero, *back]
        return Money.sum(parts, zero.currency)
