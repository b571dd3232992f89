"""Values of somebody who does not exist, for looking at a text before anybody gets it."""

from __future__ import annotations

from datetime import date, timedelta

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.rules.formats import date_text, dates_text, money_text
from notifications.enclosures import MASK
from partnerpanel.kernel.money import Money


def sample_values(*, currency: str, language: str, locale: Locale, today: date) -> dict[str, str]:
    """By the names that texts may have; the partner’s own are left to whoever asks."""

    def money(units: int) -> str:
        return money_text(Money(units * 10 ** Money.zero(currency).exponent, currency), locale)

    def day(later: int) -> str:
        return date_text(today + timedelta(days=later), locale)

    with override(language):
        return {
            "customer.name": "Anna Berger",
            "plan.name": _("Business"),
            "plan.before": _("Basic"),
            "plan.after": _("Business"),
            "reason": _("(the reason that you give)"),
            "asks": _("A photo of an identity card"),
            "date": day(3),
            "period.from": day(0),
            "deadline": day(7),
            "deadline.limited": "",
            "price.from": day(30),
            "price": money(50),
            "price.before": money(40),
            "amount": money(30),
            "amount.left": money(10),
            "due": money(30),
            "retries": dates_text([today + timedelta(days=later) for later in (1, 3, 5)], locale),
            "invoice.number": "INV-000007",
            "document.number": "CN-000003",
            "invoice.lines": f"{_('Business')}, {day(0)} – {day(30)}: {money(30)}",
            "quantity.before": "2",
            "quantity.after": "5",
            "policy.ahead": _("(what your policy says comes of it)"),
            "pay.link": "https://example.com/pay/…",
            "link": "https://example.com/confirm/…",
            "ticket.subject": _("The service does not start"),
            "ticket.text": _("What is written in the ticket"),
            "ticket.link": "https://example.com/tickets/…",
            "allowance.name": _("calls"),
            "allowance.used": "85",
            "allowance.limit": "100",
            "allowance.packs": _("500 calls") + f": {money(5)}",
            "offer.discount": money(10),
            "offer.periods": "3",
            "return.link": "https://example.com/return/…",
            "stay.link": "https://example.com/plan/…",
            "credentials.link": "https://example.com/credentials/…",
            "credentials.username": "u4k7",
            "credentials.password": MASK,
            "credentials.address": "service.example.com",
        }
