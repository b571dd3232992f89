"""Webhooks’ rules: signatures, the calendar of tries, and which addresses are public."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from notifications.webhooks.rules.addresses import is_name, is_public
from notifications.webhooks.rules.schedule import (
    JITTER,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    WAITS,
    Sentence,
    next_wait,
    read_retry_after,
    sentence,
)
from notifications.webhooks.rules.signing import signed_headers, written_secret
from notifications.webhooks.rules.topics import TOPICS
from partnerpanel.panel.story import KINDS

NOW = datetime(2026, 3, 15, 11, 0, 0, 700_000, tzinfo=UTC)


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200))
def test_a_signature_is_the_official_librarys(random: bytes, body: bytes) -> None:
    text = base64.b64encode(body).decode()
    secret = written_secret(random)
    headers = signed_headers("whd_1", body=text.encode(), at=NOW, secrets=[secret])
    assert headers["webhook-signature"] == Webhook(secret).sign("whd_1", NOW, text)
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_has_24_to_64_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        written_secret(b"x" * size)


def test_the_calendar_is_standard_webhooks() -> None:
    waits = [next_wait(number, chance=0.0) for number in range(1, 11)]
    hours = [2, 5, 10, 14, 20, 24]
    named = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), *(timedelta(hours=h) for h in hours)]
    assert waits == [*named, None]
    assert MOST_ATTEMPTS == 10


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_jitter_only_adds_and_no_more_than_a_tenth(attempts: int, chance: float) -> None:
    wait = next_wait(attempts, chance=chance)
    assert wait is not None
    assert WAITS[attempts - 1] <= wait <= WAITS[attempts - 1] * (1 + JITTER)


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True), st.timedeltas(timedelta(0), timedelta(days=999)))
def test_nothing_waits_longer_than_any_may(attempts: int, chance: float, asked: timedelta) -> None:
    wait = next_wait(attempts, chance=chance, retry_after=asked)
    assert wait is not None
    assert wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("status", "text", "seconds"),
    [
        (503, "120", 120),
        (429, "0", 0),
        (429, "999999999999", 86400),
        (503, "Sun, 15 Mar 2026 11:02:00 GMT", 119.3),
        (503, "Sun, 15 Mar 2020 11:02:00 GMT", 0),
        (503, "soon", None),
        (503, "-5", None),
        (503, "", None),
        (500, "120", None),
        (None, "120", None),
    ],
)
def test_retry_after_is_seconds_or_an_instant_of_429_and_503(
    status: int | None, text: str, seconds: float | None
) -> None:
    found = read_retry_after(status, text, now=NOW)
    assert (None if found is None else found.total_seconds()) == seconds


@pytest.mark.parametrize(
    ("days", "warned_days_ago", "expected"),
    [
        (0, None, Sentence.NOTHING),
        (3.9, None, Sentence.NOTHING),
        (4, None, Sentence.WARN),
        (4.5, 0.5, Sentence.NOTHING),
        (5, 0.9, Sentence.NOTHING),
        (5, 1, Sentence.DISABLE),
        (30, None, Sentence.WARN),
        (30, 0.5, Sentence.NOTHING),
    ],
)
def test_nobody_is_given_up_unwarned(days: float, warned_days_ago: float | None, expected: Sentence) -> None:
    warned_at = None if warned_days_ago is None else NOW - timedelta(days=warned_days_ago)
    assert sentence(failing_since=NOW - timedelta(days=days), warned_at=warned_at, now=NOW) is expected


@pytest.mark.parametrize("text", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001:81b::200e"])
def test_hosts_of_the_internet_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses())
def test_what_python_knows_as_not_global_is_never_public(address: object) -> None:
    found = ip_address(str(address))
    if not found.is_global or found.is_multicast or found.is_loopback or found.is_link_local:
        assert not is_public(found)


@pytest.mark.parametrize("host", ["example.com", "a-b.example.co.uk", "xn--bcher-kva.example", "1and1.com"])
def test_names_of_the_dns_are_names(host: str) -> None:
    assert is_name(host)


def test_every_kind_that_a_timeline_tells_can_be_heard_of() -> None:
    assert set(KINDS) <= TOPICS
