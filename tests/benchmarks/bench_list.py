"""The customers' list of a partner with 100,000 customers: every tab, both orders, any depth."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import connections

from customers.filters import CustomerFilter, Tab, in_tab
from customers.models import Customer
from customers.queries.lists import SORTS, customer_page
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.paging import Cursor
from partnerpanel.tenancy.database import OWNER
from partnerpanel.tenancy.scope import tenant
from tests.benchmarks.browsing import Browser, browser_of
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Book, Figure, milliseconds, percentile

BOUND, DEPTHS, LIMIT = 100, 6, 51
TRUE_IN = {
    Tab.ACTIVE: "is_active",
    Tab.EXPIRED: "is_expired",
    Tab.SUSPENDED: "is_suspended",
    Tab.GRACE: "is_in_grace",
    Tab.CANCELLING: "is_cancelling",
    Tab.TRIALING: "is_trialing",
    Tab.PAUSED: "is_paused",
    Tab.BANNED: "is_banned",
}


def test_a_page_of_customers(crowd: Crowd, book: Book) -> None:
    browser = browser_of(crowd)
    whole, query, bare = [], [], []
    for tab in Tab:
        for last in [None, *rows_at_any_depth(crowd, tab)]:
            for sort in SORTS:
                cursor = cursor_after(last, sort)
                whole.append(milliseconds(partial(open_page, browser, tab, sort, cursor)))
                query.append(milliseconds(partial(first_rows, crowd, tab, sort, cursor)))
                bare.append(milliseconds(partial(bare_rows, crowd, tab, sort, last)))
    book.note(
        Figure("customers list, its rows alone, p95", percentile(query, 95), "ms", bare=percentile(bare, 95)),
        Figure("customers list, whole page, median", percentile(whole, 50), "ms", bare=percentile(bare, 50)),
        Figure("customers list, whole page, slowest", max(whole), "ms", bare=max(bare)),
        Figure("customers list, whole page, p95", percentile(whole, 95), "ms", BOUND, percentile(bare, 95)),
    )


def rows_at_any_depth(crowd: Crowd, tab: Tab) -> Sequence[Customer]:
    """Customers of the tab, spread over its length."""
    with tenant(crowd.id):
        rows = in_tab(Customer.objects.for_partner(crowd.id), tab, now=system_now(), zone=crowd.big.timezone)
        length = rows.count()
        return [rows.order_by("name_key", "id")[length * part // DEPTHS] for part in range(1, DEPTHS)]


def cursor_after(last: Customer | None, sort: str) -> str:
    if last is None:
        return ""
    return Cursor(last.registered_at.isoformat() if sort == "registered" else last.name_key, str(last.pk)).encode()


def open_page(browser: Browser, tab: Tab, sort: str, cursor: str) -> None:
    browser.customers(tab=tab.value, sort=sort, cursor=cursor)


def first_rows(crowd: Crowd, tab: Tab, sort: str, cursor: str) -> None:
    """The page's first query, in a scope of its own."""
    with tenant(crowd.id):
        customer_page(
            crowd.id,
            CustomerFilter(tab=tab),
            sort=sort,
            cursor=cursor or None,
            limit=LIMIT - 1,
            now=system_now(),
            zone=crowd.big.timezone,
        )


def bare_rows(crowd: Crowd, tab: Tab, sort: str, last: Customer | None) -> None:
    """What one would type: the owner's plain statement, without policies, paging by comparing rows."""
    conditions, values = ["partner_id = %s"], [crowd.id]
    if column := TRUE_IN.get(tab):
        conditions.append(column)
    elif tab is Tab.NEW:
        conditions.append("registered_at >= date_trunc('month', now())")
    key, sign, order = ("registered_at", "<", "DESC") if sort == "registered" else ("name_key", ">", "ASC")
    if last is not None:
        conditions.append(f"({key}, id) {sign} (%s, %s)")
        values += [getattr(last, key), last.pk]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM customers_customer WHERE {' AND '.join(conditions)} "  # noqa: S608 - all of it is ours
            f"ORDER BY {key} {order}, id {order} LIMIT {LIMIT}",
            values,
        )
        cursor.fetchall()
