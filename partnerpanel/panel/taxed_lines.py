"""Lines with their taxes as the quote component and the pages of documents show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from billing.line_words import line_text
from billing.rules.plan import LineDraft
from billing.tax.rules.amounts import Taxes
from billing.tax.wording import by_rate, legal_notes, tax_sentences
from billing.wording import sentence
from partnerpanel.kernel.money import Money


def drafted_line(line: LineDraft) -> dict[str, Any]:
    """A line before it is written: what for, how much without tax, and how both came about."""
    gives_back = line.amount.amount < 0
    return {
        "text": line_text(line.kind, line.text, line.period, gives_back=gives_back, quantity=line.quantity),
        "amount": line.amount,
        "explain": sentence(line.amount, line.why),
        "taxes": tax_sentences(line.taxes or ()),
    }


def drafted_totals(lines: Sequence[LineDraft], currency: str) -> Iterator[dict[str, Any]]:
    """What lines come to: where there is tax, without it first, then each tax by its rate."""
    if not lines:
        return
    total = Money.sum((line.gross for line in lines), currency)
    yield from tax_rows([line.taxes or () for line in lines], Money.sum((line.amount for line in lines), currency))
    yield {"text": _("Total"), "amount": total}


def tax_rows(lines: Iterable[Taxes], subtotal: Money) -> Iterator[dict[str, Any]]:
    """The rows of a document between its lines and its total; none without tax. A tax of zero says why."""
    taxes = list(lines)
    found = by_rate(taxes)
    if not found:
        return
    yield {"text": _("Without tax"), "amount": subtotal}
    for name, amount in found:
        yield {"text": name, "amount": amount}


def tax_notes(lines: Iterable[Taxes]) -> list[str]:
    """What a document has to say of a tax that is not charged."""
    return legal_notes(lines)
