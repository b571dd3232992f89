"""A policy in the reader's language: its sentences, and the days of its example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list
from django.utils.translation import to_locale

from partnerpanel.kernel.money import Money
from partnerpanel.languages import spoken_language
from partnerpanel.policy.rules.sentences import Sentence, Value
from partnerpanel.policy.rules.timeline import Entry
from partnerpanel.policy.words import ENTRIES, SENTENCES


@dataclass(frozen=True, slots=True)
class Formats:
    """How the interface that shows the words writes days and amounts, and in which language several of them."""

    day: Callable[[date], str]
    money: Callable[[Money], str]
    language: Callable[[], str] = spoken_language


def sentence_text(sentence: Sentence, formats: Formats) -> str:
    """The sentence in the active language."""
    return str(SENTENCES[sentence.code] % {name: _shown(value, formats) for name, value in sentence.values.items()})


def entry_text(entry: Entry, formats: Formats) -> str:
    """What happens on an entry's day, in the active language; the day itself is shown beside it."""
    amount = "" if entry.amount is None else formats.money(entry.amount)
    return str(ENTRIES[entry.kind] % {"amount": amount, "number": entry.number})


def _shown(value: Value, formats: Formats) -> str | int:
    if isinstance(value, tuple):
        return format_list([str(_shown(one, formats)) for one in value], locale=to_locale(formats.language()))
    if isinstance(value, Money):
        return formats.money(value)
    return formats.day(value) if isinstance(value, date) else value
