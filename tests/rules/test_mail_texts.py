"""Texts: places for values and nothing else; every kind of message in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notifications import texts
from notifications.rules.kinds import KIND_OF_EVENT, MessageKind, text_name, text_names, told_reason
from notifications.rules.languages import LANGUAGES, language_for
from notifications.rules.states import NEXT, MessageState, origins
from notifications.rules.template import BrokenText, UnknownVariable, parse

NAMES = frozenset({"customer.name", "reason"})
VALUES = {
    "customer.name": "Anna Berger",
    "partner.name": "Northwind",
    "partner.support_email": "help@northwind.example",
    "plan.name": "Basic",
    "reason": "too many log-ins",
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
    assert {"en": "deleted", "de": "gelöscht"}[language] in rendered.body


@pytest.mark.parametrize(("language", "kind", "name"), [one for one in ALL if one[0] == "de"])
def test_german_is_formal(language: str, kind: MessageKind, name: str) -> None:
    rendered = texts.text(language, name).render(VALUES)
    assert rendered.paragraphs[0].startswith("Guten Tag ")
    assert not re.search(r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b", rendered.body, re.IGNORECASE)


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
        ("account_reactivated", {"released": ["manual"], "left": ["abuse"]}, "account_reactivated_in_part"),
    ],
)
def test_the_words_fit_what_happened(kind: str, data: dict[str, list[str]], name: str) -> None:
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


def test_what_was_sent_or_has_failed_stays_so() -> None:
    assert NEXT[MessageState.SENT] == NEXT[MessageState.FAILED] == frozenset()
    assert origins(MessageState.SENDING) == [MessageState.QUEUED]
    assert set(KIND_OF_EVENT.values()) == set(MessageKind)
