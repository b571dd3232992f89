"""News of gateways are kept for ninety days, and longer while somebody has still to look at them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from billing.gateway.news import News, Topic
from billing.incoming.purge import NEWS
from billing.incoming.receive import remember
from billing.models import GatewayNews
from partnerpanel.celery import app
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues import purging, tasks
from partnerpanel.queues.tasks import sweep
from partnerpanel.tenancy.scope import tenant
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
OLD, YOUNG = NEWS.kept_for + timedelta(days=1), NEWS.kept_for - timedelta(days=1)


def told(world: World, *refs: str, ago: timedelta, state: str = "done") -> None:
    with time_machine.travel(system_now() - ago, tick=True), tenant(world.id):
        for ref in refs:
            news = News(ref, "payment_intent.succeeded", Topic.CHARGE, "pi_1", "", system_now())
            remember(world.id, "stripe", news)
        rows = GatewayNews.objects.for_partner(world.id).filter(ref__in=refs)
        rows.update(state=state, due_at=None if state != "waiting" else system_now())


def left(world: World) -> set[str]:
    with tenant(world.id):
        return set(GatewayNews.objects.for_partner(world.id).values_list("ref", flat=True))


def test_what_is_old_and_done_goes(world: World, other_world: World) -> None:
    told(world, "evt_done", ago=OLD)
    told(world, "evt_ignored", ago=OLD, state="ignored")
    told(world, "evt_young", ago=YOUNG)
    told(world, "evt_waits", ago=OLD, state="waiting")
    told(other_world, "evt_theirs", ago=OLD)
    assert NEWS.batch(world.id, now=system_now()) == 2
    assert left(world) == {"evt_young", "evt_waits"}
    assert left(other_world) == {"evt_theirs"}
    assert NEWS.batch(world.id, now=system_now()) == 0


def test_it_goes_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    told(world, *(f"evt_{n}" for n in range(5)), ago=OLD)
    assert NEWS.batch(world.id, now=system_now()) == 2
    assert purging.purge_partner(world.id, seconds=0) == 2
    assert purging.purge_partner(world.id, seconds=60) == 1
    assert left(world) == set()


def test_news_that_is_told_again_after_it_went_is_new_and_does_no_harm(world: World) -> None:
    told(world, "evt_1", ago=OLD)
    NEWS.batch(world.id, now=system_now())
    told(world, "evt_1", ago=timedelta(0), state="waiting")
    assert sweep(queue="news") == 1
    world.drain("news", now=system_now())
    with tenant(world.id):
        assert GatewayNews.objects.for_partner(world.id).get().state == "ignored"


def test_the_beat_has_it_done_every_night_for_everybody(
    world: World, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [entry] = [
        one for one in app.conf.beat_schedule.values() if one["task"] == "partnerpanel.queues.tasks.purge_everybody"
    ]
    assert entry["schedule"].hour == {3}
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks, "beat would call a task that no worker knows"
    for one in (world, other_world):
        told(one, "evt_1", ago=OLD)
    sent = []
    monkeypatch.setattr(tasks.purge, "apply_async", lambda kwargs, **_: sent.append(kwargs))
    tasks.purge_everybody()
    for kwargs in sent:
        tasks.purge(**kwargs)
    assert left(world) == left(other_world) == set()
