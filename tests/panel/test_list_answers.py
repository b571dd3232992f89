"""What the list costs and what its file holds; without a browser."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.panel.shop import FORMULA, Shop, open_shop
from tests.people import Person, Team

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(shop: Shop) -> Client:
    return shop.team.owner.client()


def queries_of(browser: Client, address: str) -> int:
    """How many statements the page takes, once everything about the person is warm."""
    assert browser.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(captured)


@pytest.mark.parametrize("address", ["customers/", "customers/?tab=active&q=customer&country=DE", ""])
def test_a_page_takes_as_many_queries_for_forty_customers_as_for_four(
    shop: Shop, browser: Client, address: str
) -> None:
    shop.world.subscription(customer=shop.world.customer())
    few = queries_of(browser, shop.url(address))
    shop.world.subscriptions(shop.world.customers(36))
    assert queries_of(browser, shop.url(address)) == few
    assert few <= 40


def test_a_customers_page_takes_as_many_queries_for_a_long_history(shop: Shop, browser: Client) -> None:
    shop.world.subscription(customer=shop.anna)
    shop.work()
    few = queries_of(browser, shop.customer_url(shop.anna))
    for _ in range(5):
        shop.world.subscription(customer=shop.anna)
    shop.work()
    assert queries_of(browser, shop.customer_url(shop.anna)) == few


def rows_of(browser: Client, address: str) -> list[dict[str, str]]:
    answer = browser.get(address)
    assert answer["Content-Disposition"].startswith("attachment; ")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_has_what_the_filters_match_and_runs_nothing(shop: Shop, browser: Client) -> None:
    shop.world.customer(FORMULA, email="+sum@evil.example")
    rows = rows_of(browser, shop.url("customers/export.csv"))
    assert len(rows) == 4
    assert [row["Name"] for row in rows if "HYPERLINK" in row["Name"]] == [f"'{FORMULA}"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert [row["Name"] for row in rows_of(browser, shop.url("customers/export.csv?tab=suspended"))] == ["Bruno Birke"]


@pytest.mark.parametrize("query", ["cursor=garbage", "tab=none&sort=none&col=none", "since=yesterday&plan=plan_none"])
def test_an_address_that_means_nothing_is_no_error(shop: Shop, browser: Client, query: str) -> None:
    assert browser.get(shop.url(f"customers/?{query}")).status_code == 200


def test_a_reader_gets_no_file(shop: Shop) -> None:
    assert shop.team.read_only.client().get(shop.url("customers/export.csv")).status_code == 403


def test_a_stranger_meets_nothing_of_it(shop: Shop, stranger: Person, other_team: Team) -> None:
    theirs = open_shop(other_team)
    browser = stranger.client()
    assert browser.get(shop.url("customers/")).status_code == 404
    assert browser.get(theirs.customer_url(shop.anna)).status_code == 404
    assert b"Anna Alder" in browser.get(theirs.url("customers/")).content
