"""Beat dies: the log hears of it once per interval, the operator once per outage, and once when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from celery.beat import PersistentScheduler
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from structlog.testing import capture_logs

from partnerpanel.kernel.clock import system_now
from partnerpanel.operations import scheduler
from partnerpanel.operations.heartbeats import BEAT, last_seen, seen, silent_since
from partnerpanel.operations.models import Heartbeat
from partnerpanel.operations.scheduler import HeartbeatScheduler
from partnerpanel.operations.watch import watch
from partnerpanel.tenancy.models import User
from tests.people import Person
from tests.world import NOW


def minutes(many: float) -> datetime:
    return NOW + timedelta(minutes=many)


@pytest.fixture(autouse=True)
def operator(settings: Settings) -> None:
    settings.OPERATOR_EMAIL = "operator@example.com"
    settings.BEAT_PATIENCE_MINUTES = 5


def events_of(*instants: datetime) -> list[str]:
    with capture_logs() as lines:
        for now in instants:
            watch(now=now)
    return [line["event"] for line in lines]


def test_an_outage_is_told_once_and_its_end_once(db: None, mailoutbox: list[EmailMessage]) -> None:
    seen(BEAT, now=NOW)
    assert events_of(minutes(1), minutes(5)) == []
    assert events_of(minutes(5.1), minutes(6), minutes(10), minutes(11), minutes(16)) == ["beat_silent", "beat_silent"]
    [silent] = mailoutbox
    assert silent.to == ["operator@example.com"]
    assert "2026-03-15 11:00:00 UTC" in silent.body
    seen(BEAT, now=minutes(17))
    assert events_of(minutes(17.5), minutes(18), minutes(20)) == ["beat_back"]
    assert [mail.subject for mail in mailoutbox] == ["PartnerPanel: beat is silent", "PartnerPanel: beat is back"]
    assert events_of(minutes(23)) == ["beat_silent"]
    assert len(mailoutbox) == 3


def test_a_beat_that_never_began_is_waited_for(db: None, mailoutbox: list[EmailMessage]) -> None:
    assert events_of(NOW, minutes(4)) == []
    assert events_of(minutes(6)) == ["beat_silent"]
    assert len(mailoutbox) == 1


def test_a_mail_that_cannot_be_sent_is_tried_again(
    db: None, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(BEAT, now=NOW)

    def refuse(*_: object) -> int:
        raise OSError("no mail server")

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        assert events_of(minutes(6)) == ["beat_silent", "operator_not_mailed"]
    assert events_of(minutes(7), minutes(8)) == []
    assert len(mailoutbox) == 1


def test_of_two_that_look_at_once_one_speaks(
    db: None, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(BEAT, now=NOW)
    before = Heartbeat.objects.get(name=BEAT)
    assert events_of(minutes(6)) == ["beat_silent"]
    # The other read the row before the first one wrote it.
    monkeypatch.setattr(Heartbeat.objects, "get_or_create", lambda **_: (before, False))
    assert events_of(minutes(6)) == []
    assert len(mailoutbox) == 1


def test_nobody_is_mailed_where_no_operator_is_named(
    db: None, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.OPERATOR_EMAIL = ""
    seen(BEAT, now=NOW)
    assert events_of(minutes(6), minutes(7)) == ["beat_silent"]
    assert not mailoutbox


def test_the_operators_site_shows_it_to_operators_alone(db: None, owner: Person) -> None:
    operator, client = User.objects.create_user("operator@example.com", name="Otto", is_staff=True), Client()
    client.force_login(operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    seen(BEAT, now=system_now())
    page = reverse("admin:index")
    assert "silent since" not in client.get(page).content.decode()
    Heartbeat.objects.update(at=NOW)
    assert "Beat has been silent since 2026-03-15 11:00 UTC" in client.get(page).content.decode()
    assert "silent since" not in owner.client().get(page).content.decode()


def test_every_tick_of_beat_leaves_its_time_at_most_every_few_seconds(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(scheduler, "seen", lambda name, **_: written.append(name))
    monkeypatch.setattr(PersistentScheduler, "tick", lambda _: 300.0)
    beat = HeartbeatScheduler.__new__(HeartbeatScheduler)
    assert [beat.tick(), beat.tick()] == [scheduler.SECONDS] * 2
    assert written == [BEAT]
    beat._next = 0.0
    beat.tick()
    assert written == [BEAT, BEAT]


def test_a_tick_goes_on_without_a_database(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr(scheduler, "seen", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(PersistentScheduler, "tick", lambda _: 2.0)
    with capture_logs() as lines:
        assert HeartbeatScheduler.__new__(HeartbeatScheduler).tick() == 2.0
    assert [line["event"] for line in lines] == ["heartbeat_not_written"]


def test_silence_is_known_by_its_beginning(db: None) -> None:
    assert silent_since(now=NOW) is None
    seen(BEAT, now=NOW)
    seen(BEAT, now=minutes(1))
    assert last_seen() == {BEAT: minutes(1)}
    assert silent_since(now=minutes(6)) is None
    assert silent_since(now=minutes(6.1)) == minutes(1)
