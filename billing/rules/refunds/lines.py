"""The lines of a credit note that gives back part of a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from billing.documents.states import LineKind
from billing.rules.changes.lines import running_lines
from billing.rules.facts import ChangeFacts
from billing.rules.plan import LineDraft
from billing.rules.proration import unused_value
from billing.rules.refunds.facts import CreditableLine, DocumentFacts
from billing.rules.refunds.spread import spread
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money

SHARE_OF_DOCUMENT = "share_of_document"


def credited_lines(
    document: DocumentFacts, amount: Money, *, kind: LineKind = LineKind.CREDIT, only: Sequence[UUID] = ()
) -> tuple[LineDraft, ...]:
    """The amount, gross, taken off the document's lines in proportion to what is left of them; above zero, as a credit
    note has it. `only` names the lines that it is taken off, all of them where it is empty."""
    lines = [line for line in document.lines if not only or line.ref.line_id in only]
    left = Money.sum((line.left for line in lines), amount.currency)
    parts = spread(amount, [line.left for line in lines])
    return tuple(
        _line(kind, line, part, _share(document, part, amount, left))
        for line, part in zip(lines, parts, strict=True)
        if part
    )


def unused_of(facts: ChangeFacts, document: DocumentFacts, *, on: date, most: Money) -> tuple[LineDraft, ...]:
    """The unused days of the document's lines that still run on that day, above zero; `most` in all."""
    by_ref = {line.ref: line for line in document.lines}
    found = []
    for line, period in running_lines(facts, on):
        if line.ref in by_ref:
            charged, credited = line.charged - line.returned, line.credited - line.returned
            value = unused_value(charged=charged, credited=credited, period=period, on=on)
            found.append((by_ref[line.ref], min(value.value, by_ref[line.ref].left), value.why))
    whole = Money.sum((part for _, part, _ in found), most.currency)
    parts = spread(most, [part for _, part, _ in found]) if whole > most else [part for _, part, _ in found]
    return tuple(
        _line(LineKind.UNUSED, line, part, why if whole <= most else _limited(why))
        for (line, _, why), part in zip(found, parts, strict=True)
        if part
    )


def _line(kind: LineKind, line: CreditableLine, part: Money, why: Derivation) -> LineDraft:
    return LineDraft(kind, line.text, line.quantity, part, line.period, why, line.ref)


def _share(document: DocumentFacts, part: Money, amount: Money, left: Money) -> Derivation:
    inputs = {
        "amount": str(amount),
        "part": str(part),
        "left": str(left),
        "document": document.label,
        "rounding": "largest_remainder",
    }
    return Derivation(SHARE_OF_DOCUMENT, inputs)


def _limited(why: Derivation) -> Derivation:
    """The unused days came to more than may go back."""
    return Derivation(why.rule, {**why.inputs, "limit": "left_of_line", "rounding": "none"}, why.policy, why.parts)
