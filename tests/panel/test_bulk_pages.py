"""Verbs over many from the list's bar to the file of results, with their money."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerpanel.actions.extend import Extend
from partnerpanel.actions.tag import Tag
from partnerpanel.kernel.ids import parse, public
from tests.actions.jobs import begun, carried_out, confirmed, job_of
from tests.actions.selling import Buyer, Shop
from tests.people import Person
from tests.world import NOW, World

TAGS = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def noon(time_machine: object) -> None:
    """The panel's clock stands where the world's does."""
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]


@pytest.fixture
def shop(world: World, owner: Person) -> Shop:
    return Shop(world, owner)


@pytest.fixture
def client(owner: Person) -> Client:
    return owner.client()


def text_of(content: bytes) -> str:
    return " ".join(unescape(TAGS.sub(" ", content.decode())).split())


def start(client: Client, world: World, verb: str, buyers: list[Buyer], **inputs: str) -> UUID:
    """Fills in the form of a verb; the job, previewed."""
    ids = [public("cus", buyer.customer) for buyer in buyers]
    address = f"/panel/{world.partner.slug}/bulk/{verb}/"
    asked = client.post(address, {"id": ids})
    assert asked.status_code == 200
    answer = client.post(address, {"id": ids, "start": "1"} | inputs)
    assert answer.status_code == 302, text_of(answer.content)
    world.drain("bulk")
    return parse("job", answer.headers["Location"].rstrip("/").rpartition("/")[2])


def page(client: Client, world: World, job: UUID) -> str:
    return text_of(client.get(f"/panel/{world.partner.slug}/jobs/{public('job', job)}/").content)


def results(client: Client, world: World, job: UUID) -> list[dict[str, str]]:
    answer = client.get(f"/panel/{world.partner.slug}/jobs/{public('job', job)}/results.csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_change_of_plan_shows_its_sum_and_says_who_was_charged(
    shop: Shop, world: World, owner: Person, client: Client
) -> None:
    good, bad, there = shop.buyer(), shop.buyer(card="sandbox_soft_decline"), shop.buyer("Business")
    plan = public("plan", shop.plans["Business"])
    job = start(client, world, "change-plan", [good, bad, there], plan=plan, when="immediate")
    said = page(client, world, job)
    assert "2 subscriptions are changed. What is due is asked of the cards on file while the job runs." in said
    assert "Business · Immediately" in said
    assert "Due now €180.00" in said
    assert "€202.78 before" in said
    assert "Basic: €100.00, Apr 2, 2026, Open" in said
    assert "1 × Nothing to do It is on this plan at this price already." in said
    confirmed(world, owner, job)
    said = page(client, world, job)
    assert ("Charged" in said, "Declined" in said) == (True, True)
    rows = results(client, world, job)
    assert [(row["State"], row["Due now"], row["Currency"], row["Charge"]) for row in rows] == [
        ("done", "90.00", "EUR", "succeeded"),
        ("done", "90.00", "EUR", "declined"),
        ("refused", "", "", ""),
    ]
    assert [row["subscription"] for row in rows] == [public("sub", buyer.subscription) for buyer in (good, bad, there)]


def test_time_is_given_to_many(shop: Shop, world: World, owner: Person, client: Client) -> None:
    buyers = [shop.buyer(), shop.buyer()]
    job = start(client, world, "extend", buyers, duration="days", days="10", note="An outage of ours.")
    said = page(client, world, job)
    assert "10 days" in said
    assert "Basic: €100.00, Apr 12, 2026, Open" in said
    confirmed(world, owner, job)
    assert [row["After"] for row in results(client, world, job)] == ["Basic: 100.00 EUR, 2026-04-12, Open"] * 2
    assert "Undo this job…" in page(client, world, job)


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"duration": "days", "note": "x"}, "Extend by 1 to 366 days."),
        ({"duration": "3", "note": ""}, "Give a note of at most 500 letters"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    shop: Shop, world: World, client: Client, inputs: dict[str, str], sentence: str
) -> None:
    asked = {"id": public("cus", shop.buyer().customer), "start": "1"} | inputs
    answer = client.post(f"/panel/{world.partner.slug}/bulk/extend/", asked)
    assert (answer.status_code, sentence in text_of(answer.content)) == (422, True)


def test_many_are_cancelled_with_their_period(shop: Shop, world: World, owner: Person, client: Client) -> None:
    buyers = [shop.buyer(), shop.buyer()]
    job = start(client, world, "cancel", buyers, when="period_end", reason="other")
    assert "Basic: €100.00, Apr 2, 2026, Cancelling" in page(client, world, job)
    confirmed(world, owner, job)
    assert all(buyer.row().cancel_at_period_end for buyer in buyers)


def test_tags_are_put_on_many(shop: Shop, world: World, owner: Person, client: Client) -> None:
    buyers = [shop.buyer(), shop.buyer()]
    job = start(client, world, "tag", buyers, add="vip, key account", remove="old")
    assert "+ key account + vip − old" in page(client, world, job)
    confirmed(world, owner, job)
    assert job_of(world, job).done == 2
    address = f"/panel/{world.partner.slug}/bulk/tag/"
    empty = client.post(address, {"id": public("cus", buyers[0].customer), "start": "1"})
    assert (empty.status_code, "Name a tag to add or to remove." in text_of(empty.content)) == (422, True)


def test_a_file_of_results_carries_no_formulas(world: World, owner: Person, client: Client) -> None:
    customer = world.customer(name="=1+1")
    job = carried_out(world, owner, [customer], Tag((), add=("=2+2",)))
    [row] = results(client, world, job)
    assert (row["Name"][0], row["After"][0]) == ("'", "'")


def test_undoing_a_job_of_extensions_says_that_money_is_counter_booked(
    shop: Shop, world: World, owner: Person, client: Client
) -> None:
    job = start(client, world, "extend", [shop.buyer()], duration="1", note="sorry")
    confirmed(world, owner, job)
    answer = client.post(f"/panel/{world.partner.slug}/jobs/{public('job', job)}/undo/")
    back = parse("job", answer.headers["Location"].rstrip("/").rpartition("/")[2])
    world.drain("bulk")
    said = page(client, world, back)
    assert "Money is not undone but counter-booked" in said
    confirmed(world, owner, back)
    assert "Undo this job…" not in page(client, world, back)


def test_a_page_of_a_job_asks_as_much_for_two_rows_as_for_six(
    shop: Shop, world: World, owner: Person, client: Client
) -> None:
    asked = []
    for many in (2, 6):
        buyers = [shop.buyer() for _ in range(many)]
        job = begun(world, owner, [buyer.customer for buyer in buyers], Extend((), "sorry", days=3))
        page(client, world, job)
        with CaptureQueriesContext(connection) as queries:
            page(client, world, job)
        asked.append(len(queries))
    assert asked[0] == asked[1]
