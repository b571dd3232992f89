"""Texts: places for values and nothing else; every kind of message in every language."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from billing.rules.formats import date_text, dates_text, locale_of, money_text
from notifications import texts
from notifications.queries import LABELS
from notifications.rules.kinds import (
    KIND_OF_EVENT,
    REACTIVATED,
    SUSPENDED,
    MessageKind,
    told_reason,
)
from notifications.rules.languages import LANGUAGES, language_for
from notifications.rules.states import NEXT, MessageState, origins
from notifications.rules.template import BrokenText, UnknownVariable, parse
from notifications.rules.wordings import text_name, text_names
from partnerpanel.kernel.money import Money

NAMES = frozenset({"customer.name", "reason"})
VALUES = {
    "customer.name": "Anna Berger",
    "partner.name": "Northwind",
    "partner.support_email": "help@northwind.example",
    "plan.name": "Basic",
    "reason": "too many log-ins",
    "date": "7 March 2026",
    "deadline": "14 March 2026",
    "deadline.limited": "",
    "policy.ahead": "If it is not paid before 14 March 2026, it ends.",
    "retries": "8 and 10 March 2026",
    "period.from": "7 February 2026",
    "amount": "€30.00",
    "invoice.number": "INV-000007",
    "document.number": "CN-000003",
    "invoice.lines": "Basic, 7 Feb 2026 – 7 Mar 2026: €30.00",
    "due": "€30.00",
    "plan.before": "Basic",
    "plan.after": "Business",
    "price": "€50.00",
    "price.before": "€40.00",
    "price.from": "1 May 2026",
    "amount.left": "€10.00",
    "quantity.before": "2",
    "quantity.after": "5",
    "pay.link": "https://panel.example/pay/par_1/#token",
    "link": "https://pay.example/confirm",
    "ticket.subject": "No sound",
    "ticket.text": "It is silent.",
    "ticket.link": "https://panel.example/panel/northwind/tickets/tic_1/",
    "offer.discount": "€10.00",
    "offer.periods": "3",
    "return.link": "https://panel.example/p/northwind/plan/return/",
    "stay.link": "https://panel.example/p/northwind/plan/keep/",
    "asks": "A photo of an identity card",
    "allowance.name": "calls",
    "allowance.used": "85",
    "allowance.limit": "100",
    "allowance.packs": "500 calls: €5.00",
    "credentials.link": "https://panel.example/credentials/par_1/#token",
    "credentials.username": "u4k7",
    "credentials.password": "a password",
    "credentials.address": "pbx.northwind.example:5061",
}
ALL = [(language, kind, name) for language in LANGUAGES for kind in MessageKind for name in text_names(kind)]


def test_the_first_line_is_the_subject_and_values_take_their_places() -> None:
    rendered = parse("Hello {{ customer.name }}\n\nIt is\n{{reason}}.\n\nBye\n", allowed=NAMES, name="x").render(VALUES)
    assert rendered.subject == "Hello Anna Berger"
    assert rendered.body == "It is\ntoo many log-ins.\n\nBye\n"


def test_a_paragraph_whose_values_are_all_empty_is_left_out() -> None:
    template = parse("S\n\nWhy: {{ reason }}\n\nDear {{ customer.name }} {{ reason }}\n\nBye", allowed=NAMES, name="x")
    assert template.render(VALUES | {"reason": " \n"}).paragraphs == ("Dear Anna Berger ", "Bye")


@pytest.mark.parametrize("place", ["customer.email", "customer.__class__", "reason|safe", "settings.SECRET_KEY", ""])
def test_a_value_that_is_not_on_the_list_is_an_error_that_names_it(place: str) -> None:
    with pytest.raises(UnknownVariable, match=re.escape(f"“en/x” names “{place}”")) as refused:
        parse(f"Subject\n\nBody {{{{ {place} }}}}", allowed=NAMES, name="en/x")
    assert refused.value.details["variable"] == place


@pytest.mark.parametrize("text", ["{% if reason %}", "{{ reason", "reason }}", "{{ {{ reason }} }}"])
def test_there_is_no_logic_and_no_stray_brace(text: str) -> None:
    with pytest.raises(BrokenText, match="braces"):
        parse(f"Subject\n\n{text}", allowed=NAMES, name="x")


@pytest.mark.parametrize("text", ["", "Subject alone", "\n\n"])
def test_a_text_has_a_subject_and_a_body(text: str) -> None:
    with pytest.raises(BrokenText, match="subject"):
        parse(text, allowed=NAMES, name="x")


def test_a_value_is_never_read_as_a_text_again() -> None:
    rendered = parse("S\n\n{{ reason }}", allowed=NAMES, name="x").render(VALUES | {"reason": "{{ customer.name }}"})
    assert rendered.body == "{{ customer.name }}\n"


def test_a_value_cannot_add_a_header_or_a_paragraph() -> None:
    template = parse("For {{ reason }}\n\n{{ reason }}", allowed=NAMES, name="x")
    rendered = template.render(VALUES | {"reason": "one\r\nBcc: all@x.example\r\n\r\n\x00two"})
    assert rendered.subject == "For one Bcc: all@x.example two"
    assert rendered.paragraphs == ("one\nBcc: all@x.example\ntwo",)


@pytest.mark.parametrize(("language", "kind", "name"), ALL)
def test_every_text_greets_by_name_and_says_where_to_turn(language: str, kind: MessageKind, name: str) -> None:
    rendered = texts.text(language, name).render(VALUES)
    assert "Northwind" in rendered.subject
    assert "Anna Berger" in rendered.paragraphs[0]
    assert "help@northwind.example" in rendered.paragraphs[-2]
    assert rendered.paragraphs[-1].endswith("\nNorthwind")
    assert ("Basic" in rendered.subject) == kind.value.startswith("subscription")
    if kind in SUSPENDED + REACTIVATED:
        assert {"en": "deleted", "de": "gelöscht"}[language] in rendered.body


@pytest.mark.parametrize(("language", "kind", "name"), [one for one in ALL if one[0] == "de"])
def test_german_is_formal(language: str, kind: MessageKind, name: str) -> None:
    rendered = texts.text(language, name).render(VALUES)
    assert rendered.paragraphs[0].startswith("Guten Tag ")
    assert not re.search(r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b", rendered.body, re.IGNORECASE)


def test_every_kind_of_mail_has_a_name_in_the_log() -> None:
    assert set(LABELS) == set(MessageKind)


def test_no_text_lies_about_unused() -> None:
    files = {path.relative_to(texts.FOLDER).as_posix() for path in Path(texts.FOLDER).rglob("*.txt")}
    assert files == {f"{language}/{name}.txt" for language, _, name in ALL}


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [
        ("account_suspended", {"placed": ["manual"]}, "account_suspended"),
        ("account_suspended", {"placed": ["abuse"], "left": ["abuse"]}, "account_suspended"),
        ("account_suspended", {"placed": ["nonpayment"]}, "account_suspended_unpaid"),
        ("subscription_suspended", {"placed": ["abuse", "fraud_review"]}, "subscription_suspended_in_review"),
        ("account_reactivated", {"released": ["manual"], "left": []}, "account_reactivated"),
        ("subscription_renewal_near", {"automatic": True}, "subscription_renewal_near"),
        ("subscription_renewal_near", {"automatic": False}, "subscription_renewal_near_to_pay"),
        ("subscription_payment_failed", {"hard": False}, "subscription_payment_failed"),
        ("subscription_payment_failed", {"hard": True}, "subscription_payment_failed_hard"),
        ("subscription_grace_started", {}, "subscription_grace_started"),
        ("subscription_credentials", {"mode": "link"}, "subscription_credentials"),
        ("subscription_credentials", {"mode": "plain"}, "subscription_credentials_plain"),
        ("account_reactivated", {"released": ["manual"], "left": ["abuse"]}, "account_reactivated_in_part"),
        ("account_verification_required", {"blocks": True}, "account_verification_required"),
        ("account_verification_required", {"blocks": False}, "account_verification_required_open"),
        ("subscription_usage_alert", {"level": 80}, "subscription_usage_alert"),
        ("subscription_usage_alert", {"level": 100}, "subscription_usage_alert_used_up"),
    ],
)
def test_the_words_fit_what_happened(kind: str, data: dict[str, object], name: str) -> None:
    assert text_name(MessageKind(kind), data) == name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", ["account", "subscription"])
def test_a_review_accuses_nobody(language: str, subject: str) -> None:
    rendered = texts.text(language, f"{subject}_suspended_in_review").render(VALUES | {"reason": "uses stolen cards"})
    assert "stolen" not in rendered.body
    assert not re.search(r"fraud|abuse|suspicio|suspect|Betrug|Missbrauch|Verdacht|verdächtig", rendered.body)


def test_the_reason_of_a_release_is_for_the_record_alone() -> None:
    assert told_reason(MessageKind.ACCOUNT_SUSPENDED, {"reason": "spam"}) == "spam"
    assert told_reason(MessageKind.ACCOUNT_REACTIVATED, {"reason": "waived, he shouts"}) == ""


@pytest.mark.parametrize(
    ("locales", "language"),
    [(("de", "en"), "de"), (("de-AT", "en"), "de"), (("pt_BR", "de"), "de"), (("", "fr"), "en"), (("EN", "de"), "en")],
)
def test_the_customers_language_comes_before_the_partners(locales: tuple[str, str], language: str) -> None:
    assert language_for(*locales) == language


def test_what_was_sent_stays_so_and_what_failed_can_only_be_queued_anew() -> None:
    assert NEXT[MessageState.SENT] == NEXT[MessageState.KEPT] == frozenset()
    assert NEXT[MessageState.FAILED] == {MessageState.QUEUED}
    assert origins(MessageState.SENDING) == [MessageState.QUEUED]
    assert set(KIND_OF_EVENT.values()) == set(MessageKind)


@pytest.mark.parametrize(
    ("locale", "minor", "currency", "text"),
    [
        ("en", 123456, "EUR", "€1,234.56"),
        ("de", 123456, "EUR", "1.234,56\xa0€"),
        ("de-CH", 123456, "CHF", "CHF\xa01’234.56"),
        ("en", 3000, "JPY", "¥3,000"),
        ("en", 12345, "BHD", "BHD\xa012.345"),
    ],
)
def test_money_is_written_as_the_customer_writes_it(locale: str, minor: int, currency: str, text: str) -> None:
    assert money_text(Money(minor, currency), locale_of(locale[:2], locale)) == text


def test_dates_are_written_as_the_customer_writes_them() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 3)]
    assert date_text(days[0], locale_of("en", "en-GB", "de")) == "1 March 2026"
    assert date_text(days[0], locale_of("en", "fr", "")) == "March 1, 2026"
    assert dates_text(days, locale_of("de", "de-AT")) == "1. März 2026 und 3. März 2026"
    assert dates_text([], locale_of("de")) == ""
