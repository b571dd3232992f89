"""The API as programs meet it: a list of fifty customers beside a bare view of the same rows, pages at any depth, and
the preview of a change of plan."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory, override_settings

from partnerpanel.actions.api_keys import create_key
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.kernel.paging import Cursor
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner, Role
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Shop
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, percentile
from tests.people import make_partner, make_person
from tests.world import World

ROUNDS, LEAST_SHARE, MOST_PREVIEW, MOST_DEEPER = 150, 60, 60, 20
ROWS, CHUNK, PAGE, DEPTHS = 200_000, 5_000, 50, 5


@pytest.fixture(autouse=True)
def plenty() -> Iterator[None]:
    """The limits are counted, and never reached."""
    with override_settings(API_KEY_REQUESTS_A_MINUTE=10_000_000, API_PARTNER_REQUESTS_A_MINUTE=10_000_000):
        yield


class Caller:
    """Asks the application as a server does, with a key of the partner."""

    def __init__(self, partner: Partner) -> None:
        made = create_key(name="Bench", scopes=["all"], actor=Actor.system(partner.pk), now=system_now())
        self.application, self.headers = WSGIHandler(), {"Authorization": f"Bearer {made.secret}"}

    def get(self, path: str) -> Any:
        return self._answer(RequestFactory(headers=self.headers).get(path).environ)

    def post(self, path: str, body: Any) -> Any:
        sent = RequestFactory(headers=self.headers).post(path, json.dumps(body), content_type="application/json")
        return self._answer(sent.environ)

    def _answer(self, environ: Any) -> Any:
        answers: list[str] = []

        def start_response(status: str, *_: Any) -> Any:
            answers.append(status)

        body = self.application(environ, start_response)
        text = b"".join(body)
        body.close()
        assert answers == ["200 OK"], text[:500]
        return json.loads(text)


def spent(work: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the clock and of this process's time."""
    began, worked = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - began) * 1_000, (time.process_time() - worked) * 1_000


def test_api_list_of_customers(crowd: Crowd, book: Book) -> None:
    caller = Caller(crowd.big)
    ours = partial(caller.get, "/api/v1/customers?limit=50")
    bare = partial(caller.get, f"/bare/customers?partner={crowd.id}")
    times: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
    # In turns, so that what else the machine does meets both; the first of each turn warms up.
    for _turn in range(5):
        for name, work, addresses in (
            ("ours", ours, settings.ROOT_URLCONF),
            ("bare", bare, "tests.benchmarks.bare_api"),
        ):
            with override_settings(ROOT_URLCONF=addresses):
                work()
                times[name] += [spent(work) for _ in range(ROUNDS // 5)]
    by_clock, own = ({name: median(one[which] for one in found) for name, found in times.items()} for which in (0, 1))
    assert len(ours()["data"]) == 50
    book.note(
        Figure("api: list of 50 customers, median", by_clock["ours"], "ms", bare=by_clock["bare"]),
        Figure("api: list of 50 customers, processor time of the worker", own["ours"], "ms", bare=own["bare"]),
        Figure(
            "api: list of 50 customers, share of a bare view's requests/s",
            100 * by_clock["bare"] / by_clock["ours"],
            "%",
            least=LEAST_SHARE,
        ),
    )


def test_api_preview_of_a_change_of_plan(book: Book) -> None:
    partner = make_partner("api-preview")
    shop = Shop(World(partner), make_person(partner, Role.OWNER), now=system_now())
    buyer, caller = shop.buyer("Basic"), Caller(partner)
    at = f"/api/v1/subscriptions/{public('sub', buyer.subscription)}/change_plan/preview"
    preview = partial(caller.post, at, {"plan": public("plan", shop.plans["Business"]), "when": "now"})
    for _ in range(5):
        assert preview()["possible"] is True
    times = [spent(preview) for _ in range(ROUNDS)]
    book.note(
        Figure(
            "api: preview of a change of plan, processor time, p95", percentile([one[1] for one in times], 95), "ms"
        ),
        Figure("api: preview of a change of plan, p95", percentile([one[0] for one in times], 95), "ms", MOST_PREVIEW),
    )


def test_api_list_at_any_depth(book: Book) -> None:
    partner = make_partner("api-depth")
    ids = _events(partner)
    caller = Caller(partner)
    first = partial(caller.get, f"/api/v1/events?limit={PAGE}")
    deep = []
    for part in range(1, DEPTHS + 1):
        cursor = _cursor_after(ids[-1 - (len(ids) - 2 * PAGE) * part // DEPTHS])
        deep.append(partial(caller.get, f"/api/v1/events?limit={PAGE}&cursor={cursor}"))
    for page in (first, *deep):
        assert len(page()["data"]) == PAGE
    times = [(spent(first)[0], [spent(page)[0] for page in deep]) for _ in range(ROUNDS // DEPTHS)]
    fresh = median(one for one, _ in times)
    slowest = max(median(found[depth] for _, found in times) for depth in range(DEPTHS))
    book.note(
        Figure(f"api: first page of {ROWS:,} events, median", fresh, "ms"),
        Figure("api: slowest of five depths, median", slowest, "ms", bare=fresh),
        Figure("api: what depth adds", 100 * (slowest / fresh - 1), "%", MOST_DEEPER),
    )


def _events(partner: Partner) -> list[Any]:
    """So many, of one action each; their ids, the oldest first."""
    now, ids = system_now(), []
    for number in range(0, ROWS, CHUNK):
        with tenant(partner.pk):
            made = Event.objects.bulk_create(
                Event(
                    id=uuid7(),
                    partner_id=partner.pk,
                    kind="customer.updated",
                    object_type="customer",
                    object_id=uuid4(),
                    sequence=1,
                    action_id=uuid4(),
                    occurred_at=now + timedelta(seconds=number),
                    recorded_at=now,
                    actor_kind="system",
                )
                for _ in range(CHUNK)
            )
        ids += [one.pk for one in made]
    return sorted(ids)


def _cursor_after(id_: Any) -> str:
    return Cursor(str(id_), str(id_), backwards=False).encode()
