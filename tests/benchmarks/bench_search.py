"""Searching 100,000 customers by what people type."""

from __future__ import annotations

from functools import partial

from django.db import connections

from customers.models import Customer
from customers.queries.sql.search import search_ids
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.database import OWNER
from partnerpanel.tenancy.scope import tenant
from tests.benchmarks.browsing import browser_of
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, milliseconds, percentile

BOUND = 150


def test_search(crowd: Crowd, book: Book) -> None:
    browser = browser_of(crowd)
    whole, bare = [], []
    for what, text in typed(crowd).items():
        page = [milliseconds(partial(browser.customers, q=text), times=1) for _ in range(5)]
        ids = milliseconds(partial(found, crowd, text))
        plain = milliseconds(partial(bare_rows, crowd, text))
        whole += page
        bare.append(plain)
        book.note(Figure(f"search, {what}: the ids alone", ids, "ms", bare=plain))
        book.note(Figure(f"search, {what}: the whole page", percentile(page, 50), "ms", bare=plain))
    book.note(Figure("search, whole page, p95", percentile(whole, 95), "ms", BOUND, percentile(bare, 95)))


def typed(crowd: Crowd) -> dict[str, str]:
    """What is typed, by what it is."""
    with tenant(crowd.id):
        someone = Customer.objects.for_partner(crowd.id).order_by("registered_at", "id")[4_321]
    return {
        "two letters": "so",
        "three letters": "wyn",
        "three common letters": "ann",
        "part of a name": "zimmer",
        "full name": someone.name,
        "e-mail": someone.email,
        "id": public("cus", someone.pk),
        "own number": someone.external_id,
        "a common name": "smith",
        "what all addresses hold": "mail.example",
        "nothing": "quetzalcoatl",
    }


def found(crowd: Crowd, text: str) -> None:
    with tenant(crowd.id):
        search_ids(text)


def bare_rows(crowd: Crowd, text: str) -> None:
    """The owner's plain statement for the first page of the same answer."""
    begins = "" if len(text) < 3 else "%"
    pattern = f"{begins}{text.lower()}%"
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT * FROM customers_customer WHERE partner_id = %s AND (name_key LIKE %s OR email_key LIKE %s "
            "OR external_id = %s) ORDER BY name_key, id LIMIT 51",
            [crowd.id, pattern, pattern, text],
        )
        cursor.fetchall()
