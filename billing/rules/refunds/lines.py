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
from billing.rules.taxing import NET_OF_PRICE
from billing.tax.rules.amounts import credit_of_gross, credit_of_net
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
        _of_gross(kind, line, part, _share(document, part, amount, left))
        for line, part in zip(lines, parts, strict=True)
        if part
    )


def unused_of(facts: ChangeFacts, document: DocumentFacts, *, on: date, most: Money) -> tuple[LineDraft, ...]:
    """The unused days of the document's lines that still run on that day, above zero; `most` in all, with tax."""
    by_ref = {line.ref: line for line in document.lines}
    found = []
    for line, period in running_lines(facts, on):
        if line.ref in by_ref:
            charged, credited = line.charged - line.returned, line.credited - line.returned
            value = unused_value(charged=charged, credited=credited, period=period, on=on)
            source = by_ref[line.ref]
            net = min(value.value, source.taxed.left)
            taxes = credit_of_net(source.taxed, net)
            draft = LineDraft(
                LineKind.UNUSED, source.text, source.quantity, net, source.period, value.why, source.ref, taxes
            )
            found.append((source, draft))
    whole = [draft.gross for _, draft in found]
    if Money.sum(whole, most.currency) <= most:
        return tuple(draft for _, draft in found if draft.amount)
    parts = zip(found, spread(most, whole), strict=True)
    return tuple(
        _of_gross(LineKind.UNUSED, source, part, _limited(draft.why)) for (source, draft), part in parts if part
    )


def _of_gross(kind: LineKind, line: CreditableLine, part: Money, why: Derivation) -> LineDraft:
    """So much of the line with its tax, taken apart."""
    back = credit_of_gross(line.taxed, part)
    if back.net != part:
        why = Derivation(NET_OF_PRICE, {"price": str(part), "tax": str(part - back.net)}, parts=(why,))
    return LineDraft(kind, line.text, line.quantity, back.net, line.period, why, line.ref, back.parts)


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
