"""The preview of a payment as the quote component shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.rules.plan import LineDraft
from billing.services.preview import CardPreview, PaymentPreview
from partnerpanel.actions.payments import Preview
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.panel.taxed_lines import drafted_line, drafted_totals
from partnerpanel.panel.templatetags.formats import day, money_text


def shown_payment(preview: Preview, *, summary: str) -> dict[str, Any]:
    """What is owed and why, the period that it buys, what opens, and who is mailed."""
    payment = preview.payment
    warnings = []
    if payment.paid:
        warnings.append(_("%(amount)s was paid before; this is the rest.") % {"amount": money_text(payment.paid)})
    if payment.granted_days:
        days = ngettext("%(n)d day is given for free", "%(n)d days are given for free", payment.granted_days)
        warnings.append(
            _("%(days)s, because a payment in grace buys a full term from today.")
            % {"days": days % {"n": payment.granted_days}}
        )
    changes = [{"label": _("Paid until"), "was": _until(payment.before), "will": _until(payment.after)}]
    if payment.releases:
        changes.append({"label": _("Access"), "was": _("Blocked: unpaid"), "will": _("Open")})
    return {
        "summary": summary,
        "warnings": warnings,
        "changes": changes,
        "lines": [_line(payment, line) for line in payment.lines] or [_open(payment)],
        "totals": list(_totals(payment)),
        "due_now": payment.due,
        "mails": [
            {"to": one.to, "subject": one.title, "body": one.body} for one in preview.foreseen if one.kind == "mail"
        ],
        "no_mail": _("Nobody is mailed."),
        "steps": [f"{one.title}: {one.to}" for one in preview.foreseen if one.kind == "step"],
    }


def _line(payment: PaymentPreview, line: LineDraft) -> dict[str, Any]:
    """Of the invoice that is issued first."""
    text = _("Fee for renewing late") if line is payment.fee else f"{payment.plan_name} · {_('A new invoice')}"
    return {**drafted_line(line), "text": text}


def _open(payment: PaymentPreview) -> dict[str, Any]:
    """An invoice that is there already, with its tax."""
    text = _("Invoice %(number)s") % {"number": payment.invoice}
    return {"text": f"{payment.plan_name} · {text}", "amount": payment.due, "explain": period_text(payment.after)}


def _totals(payment: PaymentPreview) -> Iterator[dict[str, Any]]:
    """The taxes, and what the balance takes, where the lines are not all that is due."""
    lines, due = payment.lines, payment.due
    gross = Money.sum((line.gross for line in lines), due.currency)
    if any(line.taxes for line in lines):
        yield from drafted_totals(lines, due.currency)
    if lines and gross != due:
        yield {"text": _("Taken from the customer’s balance"), "amount": due - gross}


def shown_card(preview: CardPreview) -> dict[str, Any]:
    """What the new card is charged at once."""
    warnings = []
    if preview.being_checked:
        warnings.append(_("A charge is being checked; it is not asked for again with the new card."))
    if preview.stopped and preview.charges:
        warnings.append(_("Charging is stopped, so the new card is not charged now."))
    charges = () if preview.stopped else preview.charges
    currency = charges[0][1].currency if charges else ""
    same = all(amount.currency == currency for _name, amount in charges)
    return {
        "summary": _("Renewals are charged to the new card from now on; the card before it is kept for its charges.")
        + " "
        + (_("What is open is charged at once.") if charges else _("Nothing is open, so nothing is charged now.")),
        "warnings": warnings,
        "lines": [{"text": name, "amount": amount} for name, amount in charges],
        "due_now": Money.sum((amount for _name, amount in charges), currency) if charges and same else None,
        "no_mail": _("Nobody is mailed by this; the outcome of a charge is."),
    }


def period_text(period: Period | None) -> str:
    """“28 Feb 2026 – 31 Mar 2026”."""
    return f"{day(period.starts_on)} – {day(period.ends_on)}" if period else ""


def _until(period: Period | None) -> str:
    ends_on: date | None = period.ends_on if period else None
    return day(ends_on)
