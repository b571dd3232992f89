"""A quote as the quote component shows it: sentences in the page's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.rules.changes.outcome import ChangeCaution
from customers.rules.erasure import ErasureCaution
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.kernel.money import Money
from partnerpanel.panel.change_words import CAUTIONS, REASONS
from partnerpanel.panel.money_quote import shown_money
from partnerpanel.panel.statuses import look
from partnerpanel.panel.templatetags.formats import day, money_text
from partnerpanel.personal.registry import Law
from subscriptions.rules.access_plan import Caution

ID_AT_END = re.compile(r" · [0-9a-f]{6}$")
OF_SUBSCRIPTION = re.compile(r"^.* · [0-9a-f]{6} · ")
DAYS = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")
DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})\b")
WARNINGS: dict[StrEnum, Any] = {
    **CAUTIONS,
    Caution.STAYS_BLOCKED: gettext_lazy("Another hold is left, so access stays blocked."),
    Caution.NOTHING_TO_BLOCK: gettext_lazy("Access is blocked already; the hold keeps it so."),
    Caution.UNPAID: gettext_lazy("Access opens although nothing was paid. What is owed stays owed."),
    ErasureCaution.BALANCE_LEFT: gettext_lazy("Money is kept for this customer. Pay it out first, or nobody can."),
    ErasureCaution.STILL_OWES: gettext_lazy("Something is owed. The invoice stays, but nobody is left to remind."),
    ErasureCaution.FORGETS_BAN: gettext_lazy("The ban is forgotten: the same tax id can buy again."),
    Caution.REVIEW_OPEN: gettext_lazy("This closes the review of the account."),
}
LAWS: Mapping[Law, Any] = {
    Law.BOOKS: gettext_lazy("the tax office wants the books kept"),
    Law.MEASURED: gettext_lazy("it was billed"),
}
REFUSALS: dict[str, Any] = {
    **REASONS,
    "already_suspended": gettext_lazy("Such a hold lies on it already."),
    "already_ended": gettext_lazy("This subscription has ended."),
    "not_suspended": gettext_lazy("No such hold lies on it."),
    "nothing_to_undo": gettext_lazy("There is nothing to undo."),
    "changed_since": gettext_lazy("It has been changed since, so undoing is no longer safe."),
}


def shown(quote: Quote, *, moved: Sequence[Difference] = (), summary: str = "") -> dict[str, Any]:
    """The component's parameter; with `moved`, what was shown beside what is true now.

    `summary` says what happens, where a verb says it better than the counts of what opens and closes.
    """
    # The first sentence says what follows from the charge that is asked for at once.
    charged = any(plan.planned and plan.planned.plan.attempt for plan in quote.money)
    told = {ChangeCaution.TAKES_EFFECT_WHEN_PAID} if charged else set()
    common = {
        "summary": _("Nothing would happen.") if quote.is_refused else summary or _summary(quote),
        "moved": _moved(moved),
        "warnings": [*_refusals(quote), *(WARNINGS[warning] for warning in quote.warnings if warning not in told)],
        "changes": [
            {"label": effect.plan_name, "was": look(effect.before).text, "will": look(effect.after).text}
            for effect in quote.effects
            if effect.subscription_id
        ],
        "mails": [{"to": mail.to, "subject": mail.title, "body": mail.body} for mail in quote.mails],
        "no_mail": _("Nobody is mailed."),
        "steps": [f"{step.title}: {step.to}" for step in quote.steps],
        **_personal(quote),
    }
    return common | shown_money(quote.money[0]) if len(quote.money) == 1 else common


def _personal(quote: Quote) -> dict[str, list[str]]:
    """What of a person goes, and what the law keeps; with how many rows."""
    held = [one for plan in quote.erasures for one in plan.holdings]
    return {
        "erased": [f"{capfirst(one.title)}: {one.rows}" for one in held if one.is_erased],
        "kept": [
            f"{capfirst(one.title)}: {one.rows} ({', '.join(str(LAWS[law]) for law in one.kept_for)})"
            for one in held
            if one.kept_for
        ],
    }


def _moved(differences: Sequence[Difference]) -> list[dict[str, str]]:
    """Labels as short as they can be: without the customer where there is one, without ids where plans differ."""
    labels = [d.label for d in differences]
    about = {found[0] for label in labels if (found := OF_SUBSCRIPTION.match(label))}
    if len(about) == 1:
        labels = [capfirst(OF_SUBSCRIPTION.sub("", label)) for label in labels]
    whom = {label.partition(" · ")[0] for label, d in zip(labels, differences, strict=True) if not _is_sent(d)}
    if len(whom) == 1:
        labels = [capfirst(label.removeprefix(f"{next(iter(whom))} · ")) for label in labels]
    short = [ID_AT_END.sub("", label) for label in labels]
    if len(set(short)) == len(short):
        labels = short
    return [
        {"label": label, "was": _word(d.shown), "will": _word(d.now)}
        for label, d in zip(labels, differences, strict=True)
    ]


def _is_sent(difference: Difference) -> bool:
    return bool({difference.shown, difference.now} & {"mail", "step"})


def refusal_text(code: str, fallback: str) -> str:
    return str(REFUSALS.get(code, fallback))


def _refusals(quote: Quote) -> list[str]:
    return [refusal_text(refusal.code, refusal.message) for refusal in quote.refusals]


def _summary(quote: Quote) -> str:
    if quote.is_refused:
        return _("Nothing would happen.")
    blocked = sum(effect.before == "open" and effect.after == "blocked" for effect in quote.effects)
    opened = sum(effect.before == "blocked" and effect.after == "open" for effect in quote.effects)
    parts = []
    if blocked:
        text = ngettext("%(n)d subscription is blocked at once.", "%(n)d subscriptions are blocked at once.", blocked)
        parts.append(text % {"n": blocked})
    if opened:
        text = ngettext("%(n)d subscription opens again at once.", "%(n)d subscriptions open again at once.", opened)
        parts.append(text % {"n": opened})
    parts.append(_("Nothing is deleted, nothing is charged, and no billing date moves."))
    return " ".join(parts)


def _word(text: str) -> str:
    """Facts are compared as codes and read as words: “open → blocked” → “Open → Blocked”."""
    if not text:
        return "\N{EN DASH}"
    words = {"mail": _("is mailed"), "step": _("at the service")}
    parts = [words.get(part) or refusal_text(part, "") or _signed(part) for part in text.split(" → ")]
    return AMOUNT.sub(_amount, DAY.sub(_day, DAYS.sub(r"\1 – \2", " → ".join(parts))))


def _day(found: re.Match[str]) -> str:
    return day(date.fromisoformat(found[0]))


def _amount(found: re.Match[str]) -> str:
    return money_text(Money.parse(found[1], found[2]))


def _signed(part: str) -> str:
    sign, _space, code = part.partition(" ") if part[:1] in "+−" else ("", "", part)
    return f"{sign} {look(code).text}".strip()
