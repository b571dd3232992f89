"""Money, days and prices as a customer reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, to_locale

from billing.rules.formats import money_text
from notifications.marketing.rules.topics import Topic
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.languages import sentence_language, written_language
from partnerpanel.policy.wording import Formats

# What marketing is about, and what that means.
TOPICS: Mapping[Topic, tuple[Any, Any]] = {
    Topic.OFFERS: (gettext_lazy("Offers"), gettext_lazy("Discounts and what is new to buy.")),
    Topic.TIPS: (gettext_lazy("Tips"), gettext_lazy("What one can do with the service.")),
    Topic.FEEDBACK: (gettext_lazy("Feedback"), gettext_lazy("Questions how satisfied you are.")),
}

NOTHING = "\N{EN DASH}"


def locale() -> Locale:
    """Of the language in which the page's own words are."""
    return Locale.parse(to_locale(written_language()))


def _sentence_locale() -> Locale:
    return Locale.parse(to_locale(sentence_language()))


def money(amount: Money) -> str:
    """“€10.50”."""
    return money_text(amount, locale())


def day(on: date | None) -> str:
    """“14 Mar 2026”."""
    return format_date(on, "medium", locale()) if on else NOTHING


def number(value: int) -> str:
    """“7,043”."""
    return format_decimal(value, locale=locale())


def per(interval: Interval) -> str:
    """“per month”, “per 3 months”."""
    texts = {
        Unit.DAY: ngettext("per day", "per %(n)d days", interval.count),
        Unit.WEEK: ngettext("per week", "per %(n)d weeks", interval.count),
        Unit.MONTH: ngettext("per month", "per %(n)d months", interval.count),
        Unit.YEAR: ngettext("per year", "per %(n)d years", interval.count),
    }
    return texts[interval.unit] % {"n": interval.count} if interval.count != 1 else texts[interval.unit]


def price(amount: Money, interval: Interval) -> str:
    """“€30.00 per month”."""
    return f"{money(amount)} {per(interval)}"


# In sentences of a policy's banner, which mails say, too.
FORMATS = Formats(
    lambda on: str(format_date(on, "medium", _sentence_locale())),
    lambda amount: money_text(amount, _sentence_locale()),
    sentence_language,
)

# Why nobody is charged by itself.
WITHOUT: Mapping[str, Any] = {
    "ended": gettext_lazy("Nothing more: it has ended."),
    "not_started": gettext_lazy("Nothing yet: it has not started."),
    "not_billed_here": gettext_lazy("Nothing is charged here yet."),
    "being_checked": gettext_lazy("A payment is being checked. You need not do anything, and you do not pay twice."),
    "awaits_customer": gettext_lazy("Nothing before you have confirmed the payment that waits."),
    "paused": gettext_lazy("Nothing while it is paused."),
    "cancelling": gettext_lazy("Nothing more: it ends with the running period."),
    "held": gettext_lazy("Nothing while it is blocked; the renewal is due when it opens again."),
    "new_card_needed": gettext_lazy("Your card was declined for good. Add another one, and we try it at once."),
    "awaits_payment": gettext_lazy("We do not try your card again by ourselves. Pay it here."),
    "deadline_passed": gettext_lazy("The time to pay is over. Paying now begins a new period today."),
}


def without(code: str) -> str:
    """The sentence for it."""
    return str(WITHOUT.get(code, ""))


def method_text(brand: str, last4: str) -> str:
    """“Visa ···· 4242”."""
    return _("%(brand)s ···· %(last4)s") % {"brand": brand, "last4": last4}
