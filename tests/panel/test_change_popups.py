"""The popups of *Change Plan*, *Rollback Plan* and the change that is cancelled, as a browser without a script asks for
them: the first press shows what would happen, the second does it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from billing.documents.states import InvoiceStatus
from partnerpanel.kernel.ids import public
from partnerpanel.policy.rules.change import When
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.services.archive import archive_plan
from tests.actions.carry_out import everything
from tests.actions.selling import Buyer, Shop
from tests.people import Person, Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def address(buyer: Buyer, verb: str) -> str:
    return f"/panel/{buyer.shop.world.partner.slug}/subscriptions/{public('sub', buyer.subscription)}/{verb}/"


def plan_id(shop: Shop, name: str) -> str:
    return public("plan", shop.plans[name])


def quoted(page: str) -> str:
    found = re.search(r'name="quote" value="([^"]*)"', page)
    assert found, "the popup carries a quote"
    return found[1]


def text(answer: Any) -> str:
    """What a person reads there, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def confirm(client: Client, where: str, data: dict[str, str], **headers: str) -> Any:
    """Presses the button twice, as without a script."""
    first = client.post(where, data)
    return client.post(where, data | {"quote": quoted(first.content.decode())}, headers=headers, follow=True)


def test_the_popup_has_the_current_plan_filled_in_and_offers_what_is_sold(shop: Shop) -> None:
    shop.sells("Yearly", "900.00")
    with tenant(shop.world.id):
        archive_plan(shop.plans["Starter"], actor=shop.person.actor, now=shop.now)
    page = shop.person.client().get(address(shop.buyer("Basic"), "change-plan")).content.decode()
    assert 'value="Basic · €100.00 per 30 days · until Apr 2, 2026"' in unescape(page)
    options = re.findall(r"<option[^>]*>([^<]*)<", page)
    assert options == [
        "Choose a plan",
        "Free · €0.00 per 30 days · ↓ downgrade",
        "Business · €150.00 per 30 days · ↑ upgrade",
        "Yearly · €900.00 per 30 days · ↑ upgrade",
    ]
    assert '<optgroup label="Telephone">' in page
    assert quoted(page) == ""


def test_the_preview_shows_the_money_with_its_reasons_and_what_the_policy_says(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    where = address(buyer, "change-plan")
    answer = shop.person.client().post(f"{where}?preview", {"plan": plan_id(shop, "Business")})
    shown = text(answer)
    for part in (
        "€90.00 is charged to",
        "An upgrade: Business ranks above Basic.",
        "Unused time: Basic, Mar 15, 2026 – Apr 2, 2026 60.00 credit = 100.00 × 18/30 days unused −€60.00",
        "Total €90.00",
        "Due now",
        "Next invoice: €150.00 , Apr 14, 2026 150.00 = Business, 1 × 150.00 for Apr 14, 2026",
        "An upgrade takes effect at once. (as nobody has set it otherwise)",
        "Period Mar 3, 2026 – Apr 2, 2026 Mar 15, 2026 – Apr 14, 2026",
    ):
        assert part in shown, part
    assert buyer.plan == "Basic"


def test_immediately_it_is_charged_and_done(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    answer = confirm(shop.person.client(), address(buyer, "change-plan"), {"plan": plan_id(shop, "Business")})
    assert "is on Business. €90.00 was charged." in text(answer)
    assert (buyer.plan, buyer.charged) == ("Business", ["90.00"])


def test_at_the_next_billing_it_waits(shop: Shop) -> None:
    buyer = shop.buyer("Business")
    answer = confirm(shop.person.client(), address(buyer, "change-plan"), {"plan": plan_id(shop, "Basic")})
    assert "changes to Basic on Apr 2, 2026." in text(answer)
    assert (buyer.plan, buyer.changes_made) == ("Business", [("plan", "scheduled")])


def test_what_was_chosen_for_one_plan_is_not_kept_for_another(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    asked = {"plan": plan_id(shop, "Starter"), "when": "immediate", "planned_for": plan_id(shop, "Business")}
    page = shop.person.client().post(f"{address(buyer, 'change-plan')}?preview", asked).content.decode()
    assert re.search(r'value="period_end"[^>]*checked', page)
    own = asked | {"planned_for": plan_id(shop, "Starter"), "anchor": "keep"}
    page = shop.person.client().post(f"{address(buyer, 'change-plan')}?preview", own).content.decode()
    assert re.search(r'value="immediate"[^>]*checked', page)
    assert "Days" not in page
    assert "€36.00" in page


def test_declined_says_that_nothing_changed_and_what_to_do(shop: Shop) -> None:
    buyer = shop.buyer("Basic", card="sandbox_soft_decline")
    answer = confirm(shop.person.client(), address(buyer, "change-plan"), {"plan": plan_id(shop, "Business")})
    said = text(answer)
    assert "Declined: nothing has changed" in said
    assert "No money moved" in said
    assert "Replace card" in said
    assert (buyer.plan, buyer.invoices) == ("Basic", [(InvoiceStatus.VOID, "90.00")])


def test_without_a_card_it_says_how_to_get_paid(shop: Shop) -> None:
    buyer = shop.buyer("Basic", card="")
    answer = confirm(shop.person.client(), address(buyer, "change-plan"), {"plan": plan_id(shop, "Business")})
    said = text(answer)
    assert "Waiting for payment" in said
    assert "Record payment" in said
    assert "Open invoice" in said
    assert buyer.changes_made == [("plan", "awaiting")]


def test_an_outcome_that_nobody_knows_is_being_checked(shop: Shop) -> None:
    buyer = shop.buyer("Basic", card="sandbox_authentication")
    answer = confirm(shop.person.client(), address(buyer, "change-plan"), {"plan": plan_id(shop, "Business")})
    assert "Waiting for the customer" in text(answer)


def test_a_rollback_offers_earlier_plans_first_with_when_they_were_held(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    buyer.changes("Business")
    with tenant(shop.world.id):
        archive_plan(shop.plans["Basic"], actor=shop.person.actor, now=shop.now)
    page = unescape(shop.person.client().get(address(buyer, "rollback-plan")).content.decode())
    assert re.findall(r'optgroup label="([^"]*)"', page) == ["Held before", "Lower plans"]
    assert re.findall(r"<option[^>]*>([^<]*)<", page) == [
        "Basic · €100.00 per 30 days · until Mar 15, 2026 · archived",
        "Starter · €40.00 per 30 days",
        "Free · €0.00 per 30 days",
    ]
    assert "Taken back: Business" in page
    assert "€90.00" in page


def test_a_rollback_takes_the_change_back(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    buyer.changes("Business")
    answer = confirm(shop.person.client(), address(buyer, "rollback-plan"), {"plan": plan_id(shop, "Basic")})
    assert "is back on Basic. €90.00 went to the balance." in text(answer)
    assert (buyer.plan, buyer.balance) == ("Basic", "90.00")


def test_a_rollback_may_go_without_money(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    buyer.changes("Business")
    data = {"plan": plan_id(shop, "Basic"), "planned_for": plan_id(shop, "Basic"), "money": "none"}
    answer = confirm(shop.person.client(), address(buyer, "rollback-plan"), data)
    assert "is back on Basic." in text(answer)
    assert (buyer.plan, buyer.balance) == ("Basic", "0")


def test_to_a_plan_that_was_not_the_last_one_no_change_is_taken_back_whole(shop: Shop) -> None:
    buyer = shop.buyer("Business")
    page = shop.person.client().get(address(buyer, "rollback-plan")).content.decode()
    assert 'value="credit_unused"' in page
    assert 'value="reverse_change"' not in page


def test_with_nothing_to_go_back_to_it_says_so(shop: Shop) -> None:
    page = shop.person.client().get(address(shop.buyer("Free"), "rollback-plan")).content.decode()
    assert "There is no earlier and no lower plan to go back to." in page


def test_a_scheduled_change_is_cancelled(shop: Shop) -> None:
    buyer = shop.buyer("Business")
    buyer.changes("Basic", When.PERIOD_END)
    where = address(buyer, "drop-change")
    page = shop.person.client().get(where)
    assert "The change to Basic does not happen. Business goes on at the next billing." in text(page)
    assert "Apr 2, 2026 · €100.00 Apr 2, 2026 · €150.00" in text(page)
    shown = re.search(r'name="change" value="([^"]+)"', page.content.decode())
    assert shown
    data = {"change": shown[1], "quote": quoted(page.content.decode())}
    answer = shop.person.client().post(where, data, follow=True)
    assert "is cancelled." in text(answer)
    assert buyer.changes_made == [("plan", "cancelled")]


def test_a_change_that_is_gone_is_not_cancelled_again(shop: Shop) -> None:
    page = shop.person.client().get(address(shop.buyer("Business"), "drop-change"))
    assert "No change waits for this subscription." in text(page)


def test_what_moved_since_is_shown_in_place_and_nothing_is_done(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    where, data = address(buyer, "change-plan"), {"plan": plan_id(shop, "Business")}
    first = client.post(where, data)
    buyer.shop.now = NOW
    buyer.changes("Starter", When.PERIOD_END)
    before = everything(shop.world)
    answer = client.post(where, data | {"quote": quoted(first.content.decode())})
    assert answer.status_code == 409
    assert "This has changed since you opened it" in text(answer)
    assert "Next invoice Apr 2, 2026 €100.00" in text(answer)
    assert everything(shop.world) == before


def test_a_quote_of_yesterday_is_shown_anew(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    where, data = address(buyer, "change-plan"), {"plan": plan_id(shop, "Business")}
    first = client.post(where, data)
    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        answer = client.post(where, data | {"quote": quoted(first.content.decode())})
    assert answer.status_code == 409
    assert "This preview has expired." in text(answer)
    assert buyer.plan == "Basic"


def test_confirming_twice_does_it_once(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    where, data = address(buyer, "change-plan"), {"plan": plan_id(shop, "Business")}
    cited = data | {"quote": quoted(client.post(where, data).content.decode())}
    assert client.post(where, cited).status_code == 302
    assert client.post(where, cited).status_code in (409, 422)
    assert buyer.charged == ["90.00"]


def test_refusals_are_told_in_the_language_of_the_page(shop: Shop) -> None:
    customer = shop.world.customer()
    held = shop.world.subscription("held by hand", customer=customer, plan_id=shop.plans["Basic"])
    buyer = Buyer(shop, customer, held)
    client = shop.person.client()
    client.cookies["django_language"] = "de"
    data = {"plan": plan_id(shop, "Business"), "planned_for": plan_id(shop, "Business"), "when": "immediate"}
    answer = client.post(f"{address(buyer, 'change-plan')}?preview", data)
    assert "Wer gesperrt ist, dem wird nichts abgebucht." in text(answer)


@pytest.mark.parametrize("verb", ["change-plan", "rollback-plan", "drop-change"])
def test_another_partner_finds_nothing_and_who_may_not_is_told(
    shop: Shop, team: Team, stranger: Person, verb: str
) -> None:
    where = address(shop.buyer(), verb)
    before = everything(shop.world)
    assert stranger.client().get(where).status_code == 404
    for role in (Role.SUPPORT, Role.READ_ONLY):
        assert team[role].client().get(where).status_code == 403
        assert team[role].client().post(where, {"plan": plan_id(shop, "Business")}).status_code == 403
    assert everything(shop.world) == before


def test_a_wrong_plan_is_named(shop: Shop) -> None:
    where = address(shop.buyer(), "change-plan")
    for wrong in ("", "plan_x", public("plan", UUID(int=7)), plan_id(shop, "Basic")):
        answer = shop.person.client().post(where, {"plan": wrong})
        assert answer.status_code == 422, wrong
        assert 'id="id_plan_error"' in answer.content.decode()


def test_with_one_subscription_nobody_asks_which(shop: Shop) -> None:
    buyer = shop.buyer()
    where = f"/panel/{shop.world.partner.slug}/customers/{public('cus', buyer.customer)}/change-plan/"
    assert shop.person.client().get(where).headers["Location"] == address(buyer, "change-plan")


def test_with_several_the_popup_asks_which(shop: Shop) -> None:
    buyer = shop.buyer()
    other = shop.world.subscription(customer=buyer.customer, plan_id=shop.plans["Business"])
    shop.world.subscription("ended", customer=buyer.customer, plan_id=shop.plans["Free"])
    where = f"/panel/{shop.world.partner.slug}/customers/{public('cus', buyer.customer)}/rollback-plan/"
    page = shop.person.client().get(where).content.decode()
    assert "Which subscription?" in page
    found = re.findall(r"subscriptions/(sub_[a-z0-9]+)/rollback-plan/", page)
    assert set(found) == {public("sub", buyer.subscription), public("sub", other)}


def test_the_button_of_an_undo_says_when_money_is_booked_back(shop: Shop) -> None:
    buyer, other = shop.buyer("Basic"), shop.buyer("Business")
    paid = buyer.changes("Business")
    wished = other.changes("Basic", When.PERIOD_END)
    pages = [
        text(shop.person.client().get(f"/panel/{shop.world.partner.slug}/actions/{public('act', one.action_id)}/undo/"))
        for one in (paid, wished)
    ]
    assert "Yes, Undo and book the money back" in pages[0]
    assert "Yes, Undo" in pages[1]
    assert "book the money back" not in pages[1]
