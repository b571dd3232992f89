"""What a verb that bills would do to one subscription, as the quote component shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.direction_words import direction_sentence
from billing.rules.changes.ahead import Standing
from billing.rules.changes.outcome import Planned
from billing.rules.next_charge import NextCharge
from billing.tax.wording import tax_sentences
from billing.wording import sentence
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.kernel.period import Period
from partnerpanel.panel.money_words import without_text
from partnerpanel.panel.statuses import look
from partnerpanel.panel.taxed_lines import drafted_line, drafted_totals
from partnerpanel.panel.templatetags.formats import NOTHING, day, money_text, number
from partnerpanel.panel.templatetags.intervals import per_interval
from partnerpanel.policy.rules.resolution import Source, SourceKind
from partnerpanel.policy.rules.sentences import sentences
from partnerpanel.policy.wording import Formats, sentence_text
from subscriptions.rules.changes import ChangeState, Deal, PlanFacts

FORMATS = Formats(day, money_text)
# Who said what a policy says.
SET_IN: Mapping[SourceKind, Any] = {
    SourceKind.PLATFORM: gettext_lazy("as nobody has set it otherwise"),
    SourceKind.PRESET: gettext_lazy("set by your preset"),
    SourceKind.PARTNER: gettext_lazy("set in: your policy"),
    SourceKind.PLAN: gettext_lazy("set in: plan %(plan)s"),
    SourceKind.CUSTOMER: gettext_lazy("set in: this customer"),
    SourceKind.SUBSCRIPTION: gettext_lazy("set in: this subscription"),
}


def shown_money(plan: MoneyPlan) -> dict[str, Any]:
    """The parameters of the quote component that are about money, dates and the policy."""
    planned = plan.planned
    if planned is None:
        return {"changes": [], "lines": []}
    return {
        "changes": list(_changes(plan, planned)),
        "lines": [drafted_line(line) for line in planned.lines],
        "totals": list(_totals(planned)),
        "due_now": planned.due_now if _has_money(planned) and planned.plan.refund is None else None,
        "due_note": _due_note(planned),
        "next_invoice": _next_invoice(plan.after.next),
        "no_money": "" if _has_money(planned) else _("Nothing is charged or credited now."),
        "policies": list(_policies(plan, planned)),
        "direction": _direction(plan, planned),
    }


def price_text(deal: Deal) -> str:
    """“€100.00 per month”, “2 × €50.00 per month”."""
    interval = deal.plan.interval
    price = f"{money_text(deal.plan.price)} {per_interval(interval.unit, interval.count)}"
    return f"{number(deal.quantity)} × {price}" if deal.quantity > 1 else price


def period_text(period: Period | None) -> str:
    """“15 Mar 2026 – 14 Apr 2026”."""
    return f"{day(period.starts_on)} – {day(period.ends_on)}" if period else NOTHING


def next_text(one: NextCharge) -> str:
    """“14 Apr 2026 · €150.00”, or why nobody is charged by itself."""
    parts = [day(one.on) if one.on else "", money_text(one.amount) if one.amount is not None else ""]
    said = " · ".join(part for part in parts if part)
    if one.without is None:
        return said or NOTHING
    return f"{said} · {without_text(one.without.value)}" if said else without_text(one.without.value)


def explained(one: NextCharge) -> list[str]:
    """How the price came about, and each tax on it."""
    line = one.line
    return [sentence(line.amount, line.why), *tax_sentences(line.taxes or ())] if line else []


def is_waiting(planned: Planned) -> bool:
    """Whether the change takes effect only when its invoice is paid."""
    return planned.plan.change is not None and planned.plan.change.state is ChangeState.AWAITING


def _changes(plan: MoneyPlan, planned: Planned) -> Iterator[dict[str, Any]]:
    before, after = plan.before, plan.after
    if plan.begins is not None:
        yield from _begins(planned, after)
        return
    was, will = _deals(plan, planned)
    on = before.period.ends_on if before.period else None
    later = _(" (from %(day)s)") % {"day": day(on)} if not planned.at_once and was != will and on else ""
    yield _row(_("Plan"), was.plan.name, will.plan.name, later)
    yield _row(_("Price"), price_text(was), price_text(will), later if price_text(was) != price_text(will) else "")
    yield _row(_("Period"), period_text(before.period), period_text(after.period))
    yield _row(_("Next invoice"), next_text(before.next), next_text(after.next))
    yield _row(_("Access"), _access(before), _access(after))
    if before.collection is not after.collection:
        yield _row(_("Payments"), str(look(before.collection).text), str(look(after.collection).text))
    if before.lifecycle is not after.lifecycle:
        yield _row(_("Status"), str(look(before.lifecycle).text), str(look(after.lifecycle).text))
    yield from _allowances(was.plan, will.plan)


def _begins(planned: Planned, after: Standing) -> Iterator[dict[str, Any]]:
    """Of a subscription that is made, there is nothing before."""
    yield _row(_("Plan"), NOTHING, planned.deal.plan.name)
    yield _row(_("Price"), NOTHING, price_text(planned.deal))
    if after.period is not None:
        yield _row(_("Period"), NOTHING, period_text(after.period))
    yield _row(_("Next invoice"), NOTHING, next_text(after.next))
    yield _row(_("Status"), NOTHING, str(look(after.lifecycle).text))


def _deals(plan: MoneyPlan, planned: Planned) -> tuple[Deal, Deal]:
    """What it is on, and what it will be on."""
    before = planned.plan.change.before if planned.plan.change else None
    if before is None and plan.plan_before is not None:
        before = Deal(plan.plan_before, plan.before.quantity, is_agreed=False)
    return before or planned.deal, planned.deal


def _allowances(was: PlanFacts, will: PlanFacts) -> Iterator[dict[str, Any]]:
    old, new = dict(was.allowances), dict(will.allowances)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield _row(name, number(old.get(name)), number(new.get(name)))


def _row(label: str, was: str, will: str, suffix: str = "") -> dict[str, Any]:
    same = was == will
    return {"label": label, "was": was, "will": _("stays") if same else will + suffix, "same": same}


def _access(one: Standing) -> str:
    return str(look("open" if one.is_open else "blocked").text)


def _totals(planned: Planned) -> Iterator[dict[str, Any]]:
    """What the lines come to, and what the balance takes or gives."""
    yield from drafted_totals(planned.lines, planned.due_now.currency)
    refund = planned.plan.refund
    if refund is not None:
        text = _("Paid back to %(card)s") % {"card": refund.method_text} if refund.method_text else _("Paid back")
        yield {"text": text, "amount": refund.amount}
    balance = planned.to_balance
    if balance.amount < 0:
        yield {"text": _("Taken from the customer’s balance"), "amount": balance}
    elif balance:
        yield {"text": _("Kept in the customer’s balance"), "amount": balance}


def _has_money(planned: Planned) -> bool:
    return bool(planned.lines or planned.due_now or planned.to_balance)


def _due_note(planned: Planned) -> str:
    if not planned.due_now:
        return ""
    attempt = planned.plan.attempt
    if attempt is not None:
        return _("charged to %(card)s") % {"card": attempt.method.text}
    return _("paid outside") if planned.plan.payment else _("the customer pays the invoice")


def _next_invoice(one: NextCharge) -> dict[str, Any] | None:
    if one.on is None or one.amount is None or one.without is not None:
        return None
    explain = " · ".join(explained(one))
    return {"at": one.on, "amount": one.amount, "credit": one.credit, "explain": explain}


def _policies(plan: MoneyPlan, planned: Planned) -> Iterator[dict[str, str]]:
    """What the policy said, in its own words, and who set that."""
    resolved = planned.plan.facts.policy
    told = sentences(resolved) if planned.keys else []
    for key in planned.keys:
        for one in told:
            if key in one.keys:
                yield {"text": sentence_text(one, FORMATS), "source": _source(resolved.source(key), plan)}


def _source(source: Source, plan: MoneyPlan) -> str:
    return str(SET_IN[source.kind] % {"plan": plan.before.plan_name})


def _direction(plan: MoneyPlan, planned: Planned) -> str:
    change = planned.plan.change
    if planned.why is None or change is None or change.change.direction is None or plan.plan_after is None:
        return ""
    return direction_sentence(
        change.change.direction, planned.why, before=plan.before.plan_name, after=plan.plan_after.name
    )
