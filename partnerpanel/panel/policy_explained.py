"""A policy as the panel tells it: the days of an example, all of its sentences, and what an edit would change."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from partnerpanel.panel.money_quote import FORMATS
from partnerpanel.panel.policy_words import LABELS
from partnerpanel.panel.templatetags.formats import day, money_text
from partnerpanel.panel.templatetags.intervals import per_interval
from partnerpanel.policy.rules.acting import acts
from partnerpanel.policy.rules.explanation import Explanation, told_otherwise
from partnerpanel.policy.rules.sentences import Sentence
from partnerpanel.policy.rules.timeline import EntryKind
from partnerpanel.policy.wording import entry_text, sentence_text

# Icon and tone of what happens on a day.
LOOKS = {
    EntryKind.REMINDER: ("bell", "gray"),
    EntryKind.CHARGE: ("credit-card", "blue"),
    EntryKind.RETRY: ("refresh", "blue"),
    EntryKind.GRACE_STARTS: ("hourglass", "amber"),
    EntryKind.GRACE_STARTS_LIMITED: ("hourglass", "amber"),
    EntryKind.WARNING: ("alert-triangle", "amber"),
    EntryKind.DEADLINE: ("clock", "red"),
    EntryKind.SUSPENDED: ("lock", "red"),
    EntryKind.FROZEN: ("lock", "red"),
    EntryKind.DOWNGRADED: ("exchange", "amber"),
    EntryKind.CANCELLED: ("x", "red"),
    EntryKind.ERASURE_WARNING: ("bell", "gray"),
    EntryKind.ERASED: ("trash", "gray"),
}


def explained(one: Explanation) -> dict[str, Any]:
    """The parameter of the component `policy`."""
    example = one.example
    return {
        "title": _("%(price)s, due on %(day)s and never paid")
        % {
            "price": f"{money_text(example.price)} {per_interval(example.interval.unit, example.interval.count)}",
            "day": day(example.due_on),
        },
        "days": [
            {"on": entry.on, "text": entry_text(entry, FORMATS), "icon": icon, "tone": tone}
            for entry in one.days
            for icon, tone in [LOOKS[entry.kind]]
        ],
        "sentences": [sentence_text(sentence, FORMATS) for sentence in one.sentences],
    }


def change_rows(before: Explanation, after: Explanation) -> list[dict[str, str]]:
    """The rows of the component `changes`: what is said otherwise."""
    rows = []
    for was, will in told_otherwise(before, after):
        keys = (was or will or Sentence("")).keys
        rows.append({"label": str(LABELS[keys[0]]), "was": _said(was), "will": _said(will)})
    return rows


def idle_keys(keys: list[str]) -> str:
    """Those of the keys that nothing acts on yet, by name; empty where all act."""
    return ", ".join(str(LABELS[key]) for key in keys if not acts(key))


def _said(sentence: Sentence | None) -> str:
    return sentence_text(sentence, FORMATS) if sentence else "–"
