"""Is it alive, is it ready, how does it fare: asked by machines, answered without a word about any tenant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from partnerpanel.embedded.ports import free_port
from partnerpanel.kernel.clock import system_now
from partnerpanel.operations import readiness
from partnerpanel.operations.health import as_document, look
from partnerpanel.operations.heartbeats import BEAT, SWEEP, seen
from partnerpanel.operations.queries.sql.functions import partners_not_charging, queue_health
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.tasks import drain, sweep
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.models import ServiceAccount
from tests.people import Person
from tests.world import NOW, World

TOKEN = "a token of the tests, long enough to be one"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def token(settings: Settings) -> None:
    settings.HEALTH_TOKEN = TOKEN


@pytest.fixture
def no_database(db: None) -> Iterator[None]:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    wrapper = connections[DEFAULT_DB_ALIAS]
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(wrapper, "cursor", away)
        broken.setattr(wrapper, "close", lambda: None)
        yield


def document(path: str, **headers: str) -> tuple[int, Any]:
    answer = Client().get(path, headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_a_process_lives_without_any_server(no_database: None) -> None:
    assert document("/livez") == (200, {"status": "ok"})


def test_it_is_ready_when_the_database_is_there_complete_and_entered_rightly(db: None) -> None:
    checks = {"database": "ok", "migrations": "ok", "roles": "ok", "broker": "ok"}
    assert document("/readyz") == (200, {"status": "ok", "checks": checks})


def test_without_a_database_it_is_not_ready(no_database: None) -> None:
    status, told = document("/readyz")
    assert (status, told["status"], told["checks"]["database"]) == (503, "down", "away")


def test_without_a_broker_it_is_ready_and_says_what_is_missing(db: None, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    status, told = document("/readyz")
    assert (status, told["status"], told["checks"]["broker"]) == (200, "degraded", "away")


def test_with_a_migration_too_few_or_a_role_too_strong_it_is_not_ready(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = readiness.known_migrations()
    monkeypatch.setattr(readiness, "known_migrations", lambda: wanted | {("billing", "9999_of_tomorrow")})
    status, told = document("/readyz")
    assert (status, told["checks"]["migrations"]) == (503, "missing")
    monkeypatch.undo()
    monkeypatch.setattr(readiness, "is_powerful", lambda _: True)
    status, told = document("/readyz")
    assert (status, told["checks"]["roles"]) == (503, "too powerful")


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_figures_are_for_who_has_the_token_and_only_in_the_header(
    db: None, settings: Settings, path: str, owner: Person
) -> None:
    settings.HEALTH_TOKEN = ""
    for headers in ({}, {"Authorization": "Bearer "}, BEARER):
        assert Client().get(path, headers=headers).status_code == 404
    settings.HEALTH_TOKEN = TOKEN
    for wrong in ("", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", TOKEN, "Bearer ü"):
        assert Client().get(path, headers={"Authorization": wrong}).status_code == 401
    assert Client().get(f"{path}?token={TOKEN}").status_code == 401
    assert owner.client().get(path).status_code == 401
    assert Client().get(path, headers=BEARER).status_code == 200
    assert Client().post(path, headers=BEARER).status_code == 405


def test_health_without_a_database_says_so(token: None, no_database: None) -> None:
    assert document("/health", **BEARER) == (503, {"status": "down"})


def test_queues_are_counted_over_all_partners_but_test_modes(world: World, other_world: World) -> None:
    twin = World(create_twin(world.partner, now=NOW))
    ids = [one.subscription() for one in (world, world, other_world, twin)]
    later = NOW + timedelta(minutes=10)
    with tenant(world.id):
        rows = ServiceAccount.objects.for_partner(world.id)
        rows.filter(subscription=ids[0]).update(parked_at=NOW)
        rows.filter(subscription=ids[1]).update(leased_until=system_now() - timedelta(seconds=1))
    found = queue_health(now=later)
    assert set(found) == {queue.name for queue in all_queues()}
    accounts = found["provisioning"]
    assert (accounts.due, accounts.parked, accounts.expired, accounts.oldest_at) == (2, 1, 1, NOW)
    with tenant(world.id):
        rows.filter(subscription=ids[1]).update(leased_until=system_now() + timedelta(minutes=1))
    assert queue_health(now=later)["provisioning"].due == 1
    assert queue_health(now=NOW - timedelta(seconds=1))["provisioning"].due == 0


def test_the_figures_name_nobody(token: None, world: World, owner: Person) -> None:
    world.subscription(customer=world.customer("Anna Unmistakable"))
    for path in ("/health", "/metrics"):
        told = Client().get(path, headers=BEARER).content.decode()
        for word in ("Unmistakable", "@", world.partner.slug, world.partner.name, str(world.id), owner.user.email):
            assert word not in told


def test_health_tells_ages_and_switches(world: World, settings: Settings) -> None:
    world.subscription()
    seen(BEAT, now=NOW)
    seen(f"{SWEEP}outbox", now=NOW + timedelta(seconds=30))
    told = as_document(look(now=NOW + timedelta(seconds=90)))
    assert told["status"] == "ok"
    assert told["beat"] == {"silent": False, "last_tick_at": "2026-03-15T11:00:00Z", "age": 90.0}
    assert told["queues"]["outbox"]["last_sweep_age"] == 60.0
    assert told["outbox_age"] == told["queues"]["outbox"]["oldest_age"] == 90.0
    assert told["charging"] == {"stopped_everywhere": False, "partners_stopped": 0}
    settings.CHARGING_STOPPED = True
    told = as_document(look(now=NOW + timedelta(minutes=configured.BEAT_PATIENCE_MINUTES, seconds=1)))
    assert (told["status"], told["beat"]["silent"]) == ("degraded", True)
    assert told["charging"]["stopped_everywhere"]


def test_a_partner_that_charges_nobody_is_counted(world: World, other_world: World, owner: Person) -> None:
    from billing.collection.switch import resume_charging, stop_charging

    with tenant(world.id):
        stop_charging(reason="a test", actor=owner.actor, now=NOW)
    assert partners_not_charging() == 1
    with tenant(world.id):
        resume_charging(actor=owner.actor, now=NOW)
    assert partners_not_charging() == 0


def metrics() -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    text = Client().get("/metrics", headers=BEARER).content.decode()
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[(sample.name, *(value for _, value in sorted(sample.labels.items())))] = sample.value
    return found


def test_metrics_count_requests_by_their_pattern_and_tasks_by_queue(token: None, world: World, owner: Person) -> None:
    world.subscription()
    customer = f"/panel/{world.partner.slug}/customers/"
    before = metrics()
    owner.client().get(customer)
    sweep.apply(kwargs={"queue": "outbox"})
    drain.apply(kwargs={"queue": "outbox", "partner_id": str(world.id)})
    drain.apply(kwargs={"queue": "nobodys", "partner_id": str(world.id)})
    after = metrics()

    def grew(*key: str) -> float:
        return after.get(key, 0) - before.get(key, 0)

    assert grew("partnerpanel_requests_total", "GET", "panel/<slug:slug>/customers/", "200") == 1
    assert grew("partnerpanel_tasks_total", "success", "outbox", "sweep") == 1
    assert grew("partnerpanel_tasks_total", "success", "outbox", "drain") == 1
    assert grew("partnerpanel_tasks_total", "failure", "nobodys", "drain") == 1
    assert ("partnerpanel_queue_sweep_age_seconds", "outbox") in after
    assert after["partnerpanel_queue_due", "provisioning"] == 1
    assert after["partnerpanel_database_up",] == after["partnerpanel_broker_up",] == 1
    assert after["partnerpanel_beat_silent",] == 1


def test_metrics_without_a_database_still_tell_what_was_counted(token: None, no_database: None) -> None:
    found = metrics()
    assert found["partnerpanel_database_up",] == 0
    assert ("partnerpanel_queue_due", "outbox") not in found
