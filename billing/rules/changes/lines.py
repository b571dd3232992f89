"""The lines of a change, and the document that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.documents.states import SERVICE, InvoiceKind, LineKind
from billing.rules.addons import PRICE_FOR_PERIOD
from billing.rules.coupons import discounted, price_of_part
from billing.rules.facts import ChangeFacts, ServiceLine
from billing.rules.first_period import has_own_day
from billing.rules.plan import CreditNoteDraft, InvoiceDraft, LineDraft
from billing.rules.proration import unused_allowance, unused_days, unused_value
from billing.rules.taxing import gross_total, invoice_of, taxed_lines
from billing.tax.rules.amounts import credit_of_net
from partnerpanel.kernel.derivation import Derivation, Derived
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period, shifted
from partnerpanel.policy.rules.change import Measure
from subscriptions.rules.changes import Deal
from subscriptions.rules.coupons import HeldCoupon

REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Document:
    """What lines come to: an invoice, a credit note, or both; neither for no lines."""

    invoice: InvoiceDraft | None = None
    credit_note: CreditNoteDraft | None = None


def running_lines(facts: ChangeFacts, on: date) -> list[tuple[ServiceLine, Period]]:
    """The paid lines whose days are not over, each with the period that it really pays for.

    The last one lasts as long as the term does: days given for free spread its worth, days given back shorten it.
    """
    term = facts.billing.term
    # What begins after the term was given back whole when the term was shortened.
    lines = [line for line in facts.lines if term is not None and line.period.starts_on < term.period.ends_on]
    if term is None or not lines:
        return []
    last = max(line.period.ends_on for line in lines)
    found = []
    for line in lines:
        period = line.period
        if period.ends_on == last or period.ends_on > term.period.ends_on:
            period = Period(period.starts_on, term.period.ends_on)
        if period.ends_on > on:
            found.append((line, period))
    return found


def base_period(facts: ChangeFacts, on: date) -> Period:
    """The period that the running term's price is for; the term itself where nothing was paid.

    What a change within the period bought is the rest of it, and the price is still for the whole. A first period that
    was cut short to meet a billing date is a part of the one that would have ended then.
    """
    term = facts.billing.term
    if term is None:
        raise ValueError("a subscription without a term has no period")
    around = [one for one in running_lines(facts, on) if one[1].starts_on <= on and one[0].addon is None]
    if not around:
        return term.period
    line, period = max(around, key=lambda one: one[1].starts_on)
    is_rest = line.kind is LineKind.PLAN and line.is_change
    base = Period(min(term.period.starts_on, period.starts_on), period.ends_on) if is_rest else period
    whole = shifted(base.ends_on, facts.deal.plan.interval, -1)
    cut = term.number == 1 and has_own_day(facts.billing) and whole < base.starts_on and base == term.period
    return Period(whole, base.ends_on) if cut else base


def of_everything(_: ServiceLine) -> bool:
    """Every line that runs."""
    return True


def unused_lines(
    facts: ChangeFacts,
    on: date,
    *,
    kind: LineKind = LineKind.UNUSED,
    of: Callable[[ServiceLine], bool] = of_everything,
    measure: Measure = Measure.TIME,
) -> list[LineDraft]:
    """What is given back when everything that runs stops on `on`; nothing for what was never paid.

    As `DAYS` the lines go on without the days given back. `of` says which lines stop. `measure` says what counts as
    used of the plan's lines that have begun.
    """
    drafts = []
    for line, period in running_lines(facts, on):
        if not of(line):
            continue
        value = _unused_of(facts, line, period, on, measure)
        if value.value:
            rest = Period(max(on, period.starts_on), period.ends_on)
            taxes = credit_of_net(line.taxed, value.value)
            draft = LineDraft(kind, line.text, 1, value.value, rest, value.why, line.ref, taxes, line.addon)
            drafts.append(draft.turned())
    return drafts


def _unused_of(facts: ChangeFacts, line: ServiceLine, period: Period, on: date, measure: Measure) -> Derived[Money]:
    """By days, or by the allowance that most is used of; days count where nothing is measured."""
    charged, credited = line.charged - line.returned, line.credited - line.returned
    by_days = unused_value(charged=charged, credited=credited, period=period, on=on)
    use = max((one for one in facts.usage if one.included), key=lambda one: one.share, default=None)
    if measure is Measure.TIME or use is None or line.addon is not None or period.starts_on > on:
        return by_days
    by_usage = unused_allowance(
        charged=charged, credited=credited, allowance=use.name, included=use.included, used=use.used
    )
    if measure is Measure.GREATER:
        return min(by_days, by_usage, key=lambda one: one.value)
    return by_usage


def full_line(deal: Deal, period: Period, *, coupon: HeldCoupon | None, term: int) -> LineDraft:
    """The price of a whole period, the term of that number."""
    why = Derivation(
        PRICE_FOR_PERIOD,
        {
            "plan": deal.plan.name,
            "quantity": str(deal.quantity),
            "price": str(deal.price),
            "from": period.starts_on.isoformat(),
            "to": period.ends_on.isoformat(),
        },
    )
    line = LineDraft(LineKind.PLAN, deal.plan.name, deal.quantity, deal.price, period, why)
    return discounted(line, coupon, plan_id=deal.plan.id, term=term)


def rest_line(deal: Deal, *, base: Period, on: date, ends_on: date, coupon: HeldCoupon | None, term: int) -> LineDraft:
    """The price of the days that are left of `base`, in the term of that number: the coupon's part of them too."""
    days = {"days": unused_days(base, on), "period_days": base.days}
    part = price_of_part(coupon, deal.price, plan_id=deal.plan.id, term=term, **days)
    return LineDraft(LineKind.PLAN, deal.plan.name, deal.quantity, part.value, Period(on, ends_on), part.why)


def reversal_lines(facts: ChangeFacts) -> list[LineDraft]:
    """The documents of the newest change taken back, line by line; never more than what is left of one."""
    drafts = []
    held = {one.offer.id for one in facts.billing.addons}
    for line in facts.posted:
        if line.addon is not None and line.addon not in held:
            continue  # an add-on that went with the change stays away, and so does its money
        back = min(line.amount, line.left) if line.amount.amount > 0 else line.amount
        why = Derivation(REVERSAL, {"amount": str(line.amount), "left": str(line.left), "document": line.document})
        if back:
            taxes = credit_of_net(line.taxed, back) if back.amount > 0 else line.parts
            draft = LineDraft(
                LineKind.REVERSAL, line.text, line.quantity, back, line.period, why, line.ref, taxes, line.addon
            )
            drafts.append(draft.turned())
    return drafts


def document_of(
    facts: ChangeFacts,
    lines: Sequence[LineDraft],
    *,
    id_: UUID,
    note_id: UUID,
    reason: str,
    term_number: int,
    on: date,
    available: Money | None = None,
    change_id: UUID | None = None,
    kind: InvoiceKind = InvoiceKind.CHANGE,
) -> Document:
    """An invoice of the day `on` for what the lines come to with tax, the customer's balance taken first.

    Where they come to less than nothing, a credit note gives back what is given back, and the service that is bought
    instead is invoiced and paid from that, so that each line of service stands on an invoice.
    """
    if not lines:
        return Document()
    billing, currency, note = facts.billing, facts.billing.price.currency, None
    lines = taxed_lines(billing, lines, on=on)
    if gross_total(lines, currency).amount < 0:
        bought = [line for line in lines if line.kind in SERVICE and line.amount.amount > 0]
        back = tuple(line.turned() for line in lines if line not in bought)
        total = gross_total(back, currency)
        note = CreditNoteDraft(note_id, reason, back, total, change_id)
        if not bought:
            return Document(credit_note=note)
        lines, available = tuple(bought), total + (available or Money.zero(currency))
    invoice = invoice_of(
        billing,
        lines,
        id_=id_,
        kind=kind,
        term_number=term_number,
        period=Period(min(line.period.starts_on for line in lines), max(line.period.ends_on for line in lines)),
        on=on,
        available=available,
        change_id=change_id,
    )
    return Document(invoice, note)
