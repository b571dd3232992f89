"""What a customer's pages cost, beside all the others of the installation; and what a sign-in tells by its time."""

from __future__ import annotations

import gzip
from functools import partial

from django.core.cache import cache
from django.test import Client

from partnerpanel.kernel.clock import system_now
from partnerpanel.settings.base import STATICFILES_DIRS
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, milliseconds, percentile
from tests.portal.guests import guest
from tests.world import World

PAGES = ("", "plan/", "payment/", "payment/card/", "invoices/", "service/", "support/", "account/")
TIMES, BOUND, SCRIPT = 20, 200, 60
KNOWN, UNKNOWN = "anna@bakery.example", "nobody@nowhere.example"


def test_pages_of_the_portal(crowd: Crowd, book: Book) -> None:
    world = World(crowd.big, now=system_now())
    customer = world.customer("Anna's Bakery")
    world.subscription(customer=customer)
    client, at = guest(world, customer).client(), f"/p/{crowd.big.slug}/"
    for path in PAGES:
        assert client.get(at + path).status_code == 200
    taken = [milliseconds(partial(client.get, at + path)) for path in PAGES for _ in range(TIMES)]
    script = b"".join(one.read_bytes() for one in STATICFILES_DIRS[0].glob("portal.js"))
    book.note(
        Figure("portal, a page, p95", percentile(taken, 95), "ms", BOUND),
        Figure("portal, script of a page, compressed", len(gzip.compress(script)) / 1000, "kB", SCRIPT),
    )


def test_a_sign_in_takes_as_long_whoever_asks(crowd: Crowd, book: Book) -> None:
    world = World(crowd.big, now=system_now())
    world.customer("Anna's Bakery", email=KNOWN)
    path = f"/p/{crowd.big.slug}/sign-in/"
    taken: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for _ in range(5 * TIMES):
        for address, times in taken.items():
            cache.clear()
            times.append(milliseconds(partial(Client().post, path, {"email": address})))
    known, unknown = (percentile(times, 50) for times in taken.values())
    book.note(
        Figure("portal, asking for a link, of a known address, median", known, "ms", bare=unknown),
        Figure("portal, what a sign-in tells by its time", abs(known - unknown), "ms", 2),
    )
