"""A quote as a customer reads it: the parameters of the quote component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.line_words import line_text
from billing.rules.changes.ahead import Standing
from billing.rules.changes.outcome import ChangeCaution, Planned
from billing.rules.plan import LineDraft
from billing.tax.wording import by_rate, tax_sentences
from billing.wording import sentence
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.languages import spoken
from partnerpanel.portal.words import NOTHING, day, money, number, price, without
from subscriptions.rules.changes import PlanFacts

CAUTIONS: Mapping[ChangeCaution, Any] = {
    ChangeCaution.TAKES_EFFECT_WHEN_PAID: gettext_lazy("It takes effect when it is paid; until then nothing changes."),
    ChangeCaution.NO_CARD: gettext_lazy("There is no card on file: you get an invoice to pay."),
    ChangeCaution.REPLACES_SCHEDULED: gettext_lazy("It takes the place of the change that waits."),
    ChangeCaution.VOIDS_OPEN_INVOICE: gettext_lazy("Your open invoice is voided; what you owe is in the new one."),
    ChangeCaution.NEXT_INVOICE_AT_ONCE: gettext_lazy("The next invoice follows at once."),
    ChangeCaution.NOTHING_GIVEN_BACK: gettext_lazy("Nothing of what you paid is given back."),
    ChangeCaution.FREE_DAYS_LOST: gettext_lazy("Free days that you still have are lost."),
    ChangeCaution.ENDS_AT_ONCE: gettext_lazy("Your service stops at once."),
    ChangeCaution.DROPS_ANNOUNCED_PRICE: gettext_lazy("The price that was announced to you no longer applies."),
    ChangeCaution.ENDS_ALREADY: gettext_lazy("It ends with its period already."),
    ChangeCaution.ENDS_GIVEN_UP: gettext_lazy("What was not paid is not collected any more."),
    ChangeCaution.NO_CARD_LATER: gettext_lazy("There is no card on file for the next payment."),
    ChangeCaution.ADDONS_LEAVE: gettext_lazy("Add-ons that do not fit the new plan end."),
    ChangeCaution.ADDON_ENDS_ITSELF: gettext_lazy("The add-on ends by itself; buy it again if you want it for longer."),
    ChangeCaution.ADDON_ASKS: gettext_lazy("You are asked before it renews."),
    ChangeCaution.ADDON_DROPS: gettext_lazy("The add-on ends with the running period."),
}


def shown(quote: Quote, *, summary: str = "", moved: Sequence[Difference] = ()) -> dict[str, Any]:
    """With `moved`, what was shown beside what is true now."""
    plan = quote.money[0] if quote.money else None
    planned = plan.planned if plan else None
    refusals = [refusal.message for refusal in quote.refusals]
    found: dict[str, Any] = {
        "summary": summary or (refusals[0] if refusals else ""),
        "moved": [{"label": one.label, "was": one.shown or NOTHING, "will": one.now or NOTHING} for one in moved],
        "warnings": list(_warnings(quote, planned)),
        "mails": [{"to": mail.to, "subject": mail.title, "body": mail.body} for mail in quote.mails],
    }
    return found | money_of(plan, planned) if plan and planned else found


def _warnings(quote: Quote, planned: Planned | None) -> Iterator[str]:
    charged = planned is not None and planned.plan.attempt is not None
    for warning in quote.warnings:
        if charged and warning is ChangeCaution.TAKES_EFFECT_WHEN_PAID:
            continue
        if isinstance(warning, ChangeCaution) and warning in CAUTIONS:
            yield str(CAUTIONS[warning])


def money_of(plan: MoneyPlan, planned: Planned) -> dict[str, Any]:
    """The part about money."""
    moves = bool(planned.lines or planned.due_now or planned.to_balance)
    upcoming = plan.after.next
    invoice = None
    if upcoming.on and upcoming.amount is not None and upcoming.without is None:
        invoice = {"at": upcoming.on, "amount": upcoming.amount, "credit": upcoming.credit, "explain": ""}
    return {
        "changes": list(_changes(plan, planned)),
        "lines": [drafted(line) for line in planned.lines],
        "totals": list(_totals(planned)),
        "due_now": planned.due_now if moves else None,
        "due_note": _due_note(planned),
        "next_invoice": invoice,
        "no_money": "" if moves else _("Nothing is charged now."),
    }


def drafted(line: LineDraft) -> dict[str, Any]:
    """A line before it is written: what for, how much without tax, and how both came about."""
    gives_back = line.amount.amount < 0
    return {
        "text": line_text(line.kind, line.text, line.period, gives_back=gives_back, quantity=line.quantity),
        "amount": line.amount,
        "explain": sentence(line.amount, line.why),
        "taxes": tax_sentences(line.taxes or ()),
    }


def _totals(planned: Planned) -> Iterator[dict[str, Any]]:
    lines, currency = planned.lines, planned.due_now.currency
    if lines:
        rates = by_rate([line.taxes or () for line in lines])
        if rates:
            yield {"text": _("Without tax"), "amount": Money.sum((line.amount for line in lines), currency)}
            yield from ({"text": spoken(name), "amount": amount} for name, amount in rates)
        yield {"text": _("Total"), "amount": Money.sum((line.gross for line in lines), currency)}
    balance = planned.to_balance
    if balance.amount < 0:
        yield {"text": _("Taken from your balance"), "amount": balance}
    elif balance:
        yield {"text": _("Kept in your balance"), "amount": balance}


def _due_note(planned: Planned) -> str:
    if not planned.due_now:
        return ""
    attempt = planned.plan.attempt
    return _("charged to %(card)s") % {"card": attempt.method.text} if attempt else _("you pay the invoice")


def _changes(plan: MoneyPlan, planned: Planned) -> Iterator[dict[str, Any]]:
    before, after = plan.before, plan.after
    was, will = plan.plan_before, plan.plan_after
    if was is None or will is None or plan.begins is not None:
        return
    later = (
        "" if planned.at_once or before.period is None else _(" (from %(day)s)") % {"day": day(before.period.ends_on)}
    )
    if was.id != will.id:
        yield _row(_("Plan"), was.name, will.name + later)
        many = planned.deal.quantity
        yield _row(_("Price"), _price(was, plan.before.quantity), _price(will, many) + later)
    if before.period != after.period:
        yield _row(_("Period"), _period(before.period), _period(after.period))
    yield _row(_("Next payment"), _next(before), _next(after))
    old, new = dict(was.allowances), dict(will.allowances)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield _row(name, _count(old.get(name)), _count(new.get(name)))


def _row(label: str, was: str, will: str) -> dict[str, Any]:
    return {"label": label, "was": was, "will": _("stays") if was == will else will, "same": was == will}


def _price(plan: PlanFacts, quantity: int) -> str:
    """“6 × €12.00 per week”."""
    text = price(plan.price, plan.interval)
    return f"{number(quantity)} × {text}" if quantity > 1 else text


def _count(value: int | None) -> str:
    return NOTHING if value is None else number(value)


def _period(period: Period | None) -> str:
    return f"{day(period.starts_on)} – {day(period.ends_on)}" if period else NOTHING


def _next(standing: Standing) -> str:
    one = standing.next
    if one.without is not None:
        return without(one.without.value)
    parts = [day(one.on) if one.on else "", money(one.amount) if one.amount is not None else ""]
    return " · ".join(part for part in parts if part) or NOTHING
