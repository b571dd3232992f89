"""Verbs on invoices and payments."""

from __future__ import annotations

from billing.refunds.states import RefundReason, RefundSource
from billing.rules.changes.voiding import VoidThen
from billing.rules.refunds.refunding import RefundHow
from partnerpanel.actions.invoice_verbs import CorrectInvoice, CreditInvoice, GiveUpInvoice, VoidInvoice
from partnerpanel.actions.refund import Refund
from partnerpanel.actions.verb import Verb
from partnerpanel.api.verbs import inputs
from partnerpanel.api.verbs.spec import Targets, VerbSpec, Wanted
from partnerpanel.policy.rules.refund import RefundAccess

_HOW = {"full": RefundHow.FULL, "amount": RefundHow.AMOUNT, "prorata": RefundHow.UNUSED}


def _refund(targets: Targets, wanted: Wanted) -> Verb:
    return Refund(
        targets,
        wanted["id"],
        _HOW[wanted["type"]],
        RefundReason(wanted["reason"]),
        wanted.get("note", ""),
        wanted.get("amount"),
        RefundAccess(wanted["access"]) if "access" in wanted else None,
        RefundSource(wanted["source"]) if "source" in wanted else None,
        wanted.get("any_time", False),
    )


def _void(targets: Targets, wanted: Wanted) -> Verb:
    return VoidInvoice(targets, wanted["id"], wanted["note"], VoidThen(wanted.get("then", VoidThen.REBILL)))


OF_PAYMENTS = (VerbSpec("refund", "Give money back", inputs.RefundInput, _refund, money=True),)
OF_INVOICES = (
    VerbSpec("void", "Take an open invoice back", inputs.VoidInput, _void, money=True),
    VerbSpec(
        "give_up",
        "Mark it as uncollectible",
        inputs.NoteInput,
        lambda targets, wanted: GiveUpInvoice(targets, wanted["id"], wanted["note"]),
        money=True,
    ),
    VerbSpec(
        "correct",
        "Write it anew with the customer’s details as they are now",
        inputs.CorrectInput,
        lambda targets, wanted: CorrectInvoice(targets, wanted["id"], wanted["note"], wanted.get("keeps_total", False)),
        money=True,
    ),
    VerbSpec(
        "credit",
        "Credit it, or a part of it",
        inputs.CreditInput,
        lambda targets, wanted: CreditInvoice(targets, wanted["id"], wanted["note"], wanted.get("amount")),
        money=True,
    ),
)
