"""What stands around the customers' list: countries, counts and what a search finds first."""

import pytest

from customers.filters import CustomerFilter, Tab
from customers.queries import lists
from customers.queries.sql import search
from partnerpanel.tenancy.scope import tenant
from tests.world import NOW, World


def test_countries_are_the_partners_own_each_once_and_in_order(world: World, other_world: World) -> None:
    for code in ("NL", "AT", "NL", "DE", "AT"):
        world.customer(country=code)
    other_world.customer(country="FR")
    with tenant(world.id):
        assert lists.countries(world.id) == ["AT", "DE", "NL"]


def test_a_partner_without_customers_has_no_countries(world: World) -> None:
    with tenant(world.id):
        assert lists.countries(world.id) == []


def test_each_tab_counts_what_it_shows(world: World, other_world: World) -> None:
    for state in ("active", "active", "trialing", "cancelling", "paused", "in grace", "ended", "held by hand"):
        world.subscription(state)
    other_world.subscription("ended")
    with tenant(world.id):
        counted = lists.tab_counts(world.id, now=NOW, zone="UTC")
        shown = {tab: len(lists.matching_ids(world.id, CustomerFilter(tab=tab), now=NOW, zone="UTC")) for tab in Tab}
    assert counted == shown
    assert counted[Tab.EXPIRED] == 1


def test_counting_stops_at_its_cap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_CAP", 3)
    world.customers(5)
    with tenant(world.id):
        assert lists.tab_counts(world.id, now=NOW, zone="UTC")[Tab.ALL] == 3


def test_a_search_that_matches_too_many_finds_the_first_by_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 2)
    ids = {name: world.customer(f"{name} Smith") for name in ("Carl", "Anna", "Dora", "Bert")}
    with tenant(world.id):
        assert search.search_ids("smith") == [ids["Anna"], ids["Bert"]]
        found = lists.matching_ids(world.id, CustomerFilter(search="smith"), now=NOW, zone="UTC")
        assert found == [ids["Anna"], ids["Bert"]]


def test_a_search_may_hold_what_no_text_holds(world: World) -> None:
    world.customer("Anna")
    with tenant(world.id):
        assert lists.count(world.id, CustomerFilter(search="an\x00na"), now=NOW, zone="UTC") == 0
