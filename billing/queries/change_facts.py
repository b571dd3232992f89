"""Loading what changes are planned with, in a constant number of queries for any number of subscriptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from billing.documents.models import CreditNoteLine, InvoiceLine
from billing.documents.states import SERVICE, InvoiceKind, InvoiceStatus, LineKind
from billing.queries.facts import load
from billing.rules.facts import BillingFacts, ChangeFacts, LineRef, PostedLine, ServiceLine
from billing.tax.rules.amounts import Taxes, parts_from, tax_of
from customers.queries.facts import identities
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.policy.rules.change import Measure
from partnerpanel.tenancy.ahead import Asked, ahead
from partnerpanel.tenancy.reads import Read
from subscriptions.queries.changes import deals, past_changes
from subscriptions.queries.paid_terms import PaidElsewhere, paid_elsewhere, paid_elsewhere_ahead
from subscriptions.queries.usage import usage_of


@dataclass
class _Credits:
    """What credits took off one line, in minor units: in all, for days given back, for what stopped, and off each of
    its taxes."""

    all: int = 0
    days: int = 0
    stops: int = 0
    taxes: list[int] = field(default_factory=list)

    def off(self, parts: Taxes) -> tuple[int, ...]:
        """What was taken off each tax of the line."""
        return tuple(self.taxes) if self.taxes else (0,) * len(parts)


@dataclass
class _Taken:
    """Credits by line of an invoice, and by term paid elsewhere of a subscription."""

    lines: defaultdict[UUID, _Credits] = field(default_factory=lambda: defaultdict(_Credits))
    terms: defaultdict[tuple[UUID, int], _Credits] = field(default_factory=lambda: defaultdict(_Credits))

    def add(
        self,
        subscription_id: UUID | None,
        line_id: UUID | None,
        term: int | None,
        kind: str,
        amount: int,
        taxes: Sequence[int],
    ) -> None:
        """`amount` above zero is given back, with `taxes` in the order of the line's."""
        found = []
        if line_id is not None:
            found.append(self.lines[line_id])
        elif subscription_id is not None and term is not None:
            found.append(self.terms[subscription_id, term])
        for one in found:
            one.all += amount
            one.days += amount if kind in (LineKind.DAYS, LineKind.DISCOUNT) else 0
            one.stops += amount if kind in (LineKind.UNUSED, LineKind.REVERSAL) else 0
            before = one.taxes or [0] * len(taxes)
            one.taxes = [took + tax for took, tax in zip(before, taxes, strict=True)]


def load_changes(
    partner_id: UUID, subscription_ids: Many[UUID], *, now: datetime, lock: bool = False
) -> dict[UUID, ChangeFacts]:
    """The subscriptions that exist, by id; `lock` as in `load`."""
    found = load(partner_id, subscription_ids, now=now, lock=lock)
    names = {one.id: one.name for one in identities(partner_id, {one.customer_id for one in found.values()}).values()}
    on, past = deals(partner_id, found), past_changes(partner_id, found)
    lines = _service_lines(partner_id, found)
    measured = [id_ for id_, facts in found.items() if facts.policy.policy.change.measure is not Measure.TIME]
    usage = usage_of(partner_id, measured) if measured else {}
    newest = {id_: changes[0].id for id_, changes in past.items()}
    posted = _posted(partner_id, newest)
    return {
        id_: ChangeFacts(
            billing=facts,
            customer_name=names[facts.customer_id],
            deal=on[id_],
            lines=tuple(lines[id_]),
            past=past.get(id_, ()),
            posted=tuple(posted[newest[id_]]) if id_ in newest else (),
            usage=tuple(usage.get(id_, ())),
        )
        for id_, facts in found.items()
    }


def _service_lines(partner_id: UUID, found: Mapping[UUID, BillingFacts]) -> defaultdict[UUID, list[ServiceLine]]:
    """Paid lines whose days reach into the running term or beyond it."""
    starts = {id_: facts.term.period.starts_on for id_, facts in found.items() if facts.term}
    result: defaultdict[UUID, list[ServiceLine]] = defaultdict(list)
    if not starts:
        return result
    rows = _paid_lines(partner_id, starts)
    bought = paid_elsewhere(partner_id, starts)
    elsewhere = {id_: one for id_, one in bought.items() if one.period.ends_on > starts[id_]}
    taken = _taken(partner_id, [row.pk for row in rows], elsewhere)
    for row in rows:
        subscription_id = row.invoice.subscription_id
        if row.period_starts_on is None or row.period_ends_on is None or row.period_ends_on <= starts[subscription_id]:
            continue
        currency, took = row.invoice.currency, taken.lines[row.pk]
        parts = parts_from(row.taxes, currency)
        result[subscription_id].append(
            ServiceLine(
                ref=LineRef(line_id=row.pk),
                kind=LineKind(row.kind),
                text=row.text,
                period=Period(row.period_starts_on, row.period_ends_on),
                charged=Money(row.amount, currency),
                returned=Money(took.days, currency),
                credited=Money(took.all, currency),
                stopped=took.stops != 0,
                is_change=row.invoice.kind == InvoiceKind.CHANGE,
                parts=parts,
                taken=took.off(parts),
                addon=row.addon_id,
            )
        )
    for subscription_id, one in elsewhere.items():
        took = taken.terms[subscription_id, one.term_number]
        result[subscription_id].append(_elsewhere(found[subscription_id], one, took))
    return defaultdict(list, {id_: [line for line in lines if not line.stopped] for id_, lines in result.items()})


def _paid_lines(partner_id: UUID, starts: Mapping[UUID, date]) -> list[InvoiceLine]:
    """Two ways in, each by its own index: renewals, and everything else."""
    first = min(starts.values())
    asked = (partner_id, starts, first)
    ahead(Asked(_RENEWALS, asked), Asked(_OTHERS, asked), paid_elsewhere_ahead(partner_id, starts))
    return [*_RENEWALS(partner_id, starts, first), *_OTHERS(partner_id, starts, first)]


def _lines(partner_id: UUID, subscription_ids: Many[UUID], first: date) -> QuerySet[InvoiceLine]:
    lines = InvoiceLine.objects.for_partner(partner_id).filter(
        invoice__partner_id=partner_id,
        invoice__subscription__among=subscription_ids,
        invoice__status=InvoiceStatus.PAID,
        invoice__period_ends_on__gt=first,
        kind__in=SERVICE,
        amount__gt=0,
    )
    return lines.select_related("invoice")


_IS_RENEWAL = Q(invoice__kind=InvoiceKind.RENEWAL)
_RENEWALS = Read(lambda *asked: _lines(*asked).filter(_IS_RENEWAL & ~Q(invoice__status=InvoiceStatus.VOID)))
_OTHERS = Read(lambda *asked: _lines(*asked).filter(~_IS_RENEWAL))


def _elsewhere(facts: BillingFacts, one: PaidElsewhere, took: _Credits) -> ServiceLine:
    """A term that was paid for where the customer came from. It was the same seller's sale, so its tax goes back with
    it; nobody knows that tax, and it is taken to be what the same sale would have had here."""
    currency = facts.price.currency
    bought = tax_of(Money(one.amount, currency), facts.tax.presumed_on(one.period.starts_on))
    return ServiceLine(
        ref=LineRef(term_number=one.term_number),
        kind=LineKind.PLAN,
        text=facts.plan_name,
        period=one.period,
        charged=bought.net,
        returned=Money(took.days, currency),
        credited=Money(took.all, currency),
        stopped=took.stops != 0,
        parts=bought.parts,
        taken=took.off(bought.parts),
    )


def _taken(partner_id: UUID, line_ids: Many[UUID], elsewhere: Mapping[UUID, PaidElsewhere]) -> _Taken:
    taken = _Taken()
    ahead(
        *(Asked(read, (partner_id, line_ids)) for read in (_INVOICED, _NOTED) if line_ids),
        *(Asked(read, (partner_id, elsewhere)) for read in (_INVOICED_TERMS, _NOTED_TERMS) if elsewhere),
    )
    for sign, of_lines, of_terms in ((-1, _INVOICED, _INVOICED_TERMS), (1, _NOTED, _NOTED_TERMS)):
        found = [
            *(of_lines(partner_id, line_ids) if line_ids else ()),
            *(of_terms(partner_id, elsewhere) if elsewhere else ()),
        ]
        for id_, line, term, kind, amount, taxes in found:
            taken.add(id_, line, term, kind, sign * amount, [sign * one["amount"] for one in taxes])
    return taken


_CREDITS = ("credits_line_id", "credits_term", "kind", "amount", "taxes")


def _invoiced(partner_id: UUID, wanted: Q) -> QuerySet[InvoiceLine, Any]:
    rows = InvoiceLine.objects.for_partner(partner_id).filter(wanted, invoice__status=InvoiceStatus.PAID)
    return rows.values_list("invoice__subscription_id", *_CREDITS)


def _noted(partner_id: UUID, wanted: Q) -> QuerySet[CreditNoteLine, Any]:
    rows = CreditNoteLine.objects.for_partner(partner_id).filter(wanted)
    return rows.values_list("credit_note__subscription_id", *_CREDITS)


_OF_TERM = Q(credits_term__isnull=False)
_INVOICED = Read(lambda partner_id, lines: _invoiced(partner_id, Q(credits_line__among=lines)))
_INVOICED_TERMS = Read(lambda partner_id, ids: _invoiced(partner_id, _OF_TERM & Q(invoice__subscription__among=ids)))
_NOTED = Read(lambda partner_id, lines: _noted(partner_id, Q(credits_line__among=lines)))
_NOTED_TERMS = Read(lambda partner_id, ids: _noted(partner_id, _OF_TERM & Q(credit_note__subscription__among=ids)))


def _posted(partner_id: UUID, newest: Mapping[UUID, UUID]) -> defaultdict[UUID, list[PostedLine]]:
    """By change, the lines of its documents with the sign that they have to pay, each with what is left of it."""
    result: defaultdict[UUID, list[PostedLine]] = defaultdict(list)
    if not newest:
        return result
    ids = list(newest.values())
    invoiced = InvoiceLine.objects.for_partner(partner_id).filter(
        invoice__subscription__in=newest, invoice__change__in=ids, invoice__status=InvoiceStatus.PAID
    )
    found = list(invoiced.filter(~Q(invoice__kind=InvoiceKind.RENEWAL)).select_related("invoice"))
    # Of an invoice that was corrected, the one in its place counts.
    gone = {row.invoice.corrects_id for row in found}
    lines = [row for row in found if row.invoice_id not in gone]
    noted = CreditNoteLine.objects.for_partner(partner_id).filter(
        credit_note__subscription__in=newest, credit_note__change__in=ids
    )
    taken = _taken(partner_id, [row.pk for row in lines], {})
    for row in sorted(lines, key=lambda row: (row.invoice_id, row.position)):
        ref = LineRef(row.credits_line_id, row.credits_term)
        own = ref if ref != LineRef() else LineRef(line_id=row.pk)
        took, currency = taken.lines[row.pk], row.invoice.currency
        parts = parts_from(row.taxes, currency)
        line = _posted_line(own, row.invoice.label, row, Money(row.amount, currency), Money(took.all, currency), parts)
        result[row.invoice.change_id].append(replace(line, taken=took.off(parts), addon=row.addon_id))
    for note in noted.select_related("credit_note", "credits_line").order_by("credit_note_id", "position"):
        amount = Money(-note.amount, note.credit_note.currency)
        ref, nothing = LineRef(note.credits_line_id, note.credits_term), Money.zero(amount.currency)
        parts = tuple(-part for part in parts_from(note.taxes, amount.currency))
        line = _posted_line(ref, note.credit_note.label, note, amount, nothing, parts)
        addon = note.credits_line.addon_id if note.credits_line else None
        result[note.credit_note.change_id].append(replace(line, addon=addon))
    return result


def _posted_line(
    ref: LineRef, document: str, row: InvoiceLine | CreditNoteLine, amount: Money, took: Money, parts: Taxes
) -> PostedLine:
    if row.period_starts_on is None or row.period_ends_on is None:
        raise ValueError("a line of a change has a period")
    period = Period(row.period_starts_on, row.period_ends_on)
    return PostedLine(ref, document, row.text, row.quantity, amount, amount - took, period, parts)
