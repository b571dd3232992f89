"""What is read from the DNS itself, by datagrams: right, missing, in several strings, broken and silent."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from partnerpanel.hosts.dns import Proof, Unanswered, alias, look_for, texts
from partnerpanel.hosts.rules.names import challenge
from tests.hosts.answerer import Answerer, asked_instead

HOST = "account.eastwind.test"
LONG = "v=DKIM1; k=rsa; p=" + "M" * 380


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answerer]:
    settings.DNS_ZONE = None
    answerer = Answerer(
        {
            (challenge(HOST), "TXT"): ['"something else"', '"pp-right"'],
            ("key.eastwind.test", "TXT"): [f'"{LONG[:255]}" "{LONG[255:]}"'],
            ("padded.eastwind.test", "TXT"): ['" v=spf1 -all "'],
            ("foreign.eastwind.test", "TXT"): ['"caf\\195\\169"'],
            ("www.eastwind.test", "CNAME"): ["Pages.Eastwind.Test."],
        },
        silent=frozenset({"silent.eastwind.test", challenge("silent.eastwind.test")}),
        broken=frozenset({"broken.eastwind.test", challenge("broken.eastwind.test")}),
    )
    with asked_instead(answerer, monkeypatch):
        yield answerer


def test_a_token_is_found_among_other_records(server: Answerer) -> None:
    assert look_for(HOST, "pp-right") is Proof.THERE
    assert server.asked == [(challenge(HOST), "TXT")]


def test_part_of_a_token_and_another_one_prove_nothing(server: Answerer) -> None:
    assert look_for(HOST, "pp-rig") is Proof.MISSING
    assert look_for(HOST, "pp-wrong") is Proof.MISSING


def test_a_name_that_is_not_there_and_one_without_such_records_have_none(server: Answerer) -> None:
    assert texts("nobody.eastwind.test") == []
    assert texts("www.eastwind.test") == []
    assert alias("key.eastwind.test") == ""
    assert look_for("nobody.eastwind.test", "pp-right") is Proof.MISSING
    assert len(server.asked) == 4


def test_a_record_of_several_strings_is_one_text(server: Answerer) -> None:
    assert texts("key.eastwind.test") == [LONG]
    assert texts("padded.eastwind.test") == ["v=spf1 -all"]


def test_what_is_not_ascii_breaks_nothing(server: Answerer) -> None:
    assert texts("foreign.eastwind.test") == ["caf��"]


def test_an_alias_is_told_in_lower_case_without_its_dot(server: Answerer) -> None:
    assert alias("www.eastwind.test") == "pages.eastwind.test"


@pytest.mark.parametrize("name", ["silent.eastwind.test", "broken.eastwind.test"])
def test_a_server_that_says_nothing_or_fails_proves_nothing(server: Answerer, name: str) -> None:
    began = time.monotonic()
    with pytest.raises(Unanswered):
        texts(name, patience=0.2)
    assert time.monotonic() - began < 3
    assert name in dict(server.asked)


def test_without_patience_nobody_is_asked(server: Answerer) -> None:
    with pytest.raises(Unanswered):
        texts("key.eastwind.test", patience=0)
    assert server.asked == []


def test_a_proof_that_nobody_answers_for_is_neither_there_nor_missing(
    server: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnerpanel.hosts.dns.PATIENCE", 0.2)
    assert look_for("silent.eastwind.test", "pp-right") is Proof.UNANSWERED
    assert look_for("broken.eastwind.test", "pp-right") is Proof.UNANSWERED
