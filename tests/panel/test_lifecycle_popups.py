"""Extend, cancel, keep, pause, resume, skip, move and waive in the panel: what they show, what they do, and who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from partnerpanel.actions.cancel import Cancel, CancelReason, CancelWhen
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.pause import Pause, PauseWhen
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.models import Role
from tests.actions.carry_out import everything
from tests.actions.selling import Buyer, Shop
from tests.panel.scriptless import address, confirm, customer_address, previewed, quoted, text
from tests.people import Person, Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = {"note": "as agreed"}
# By verb: what is filled in to do it.
FILLED = {
    "extend": {"duration": "1", **NOTE},
    "cancel": {"when": "period_end", "reason": "unused"},
    "pause": {"when": "period_end"},
    "skip-renewal": NOTE,
    "billing-date": {"on": "2026-04-08"},
    "keep": {},
    "resume": {},
    "waive": NOTE,
}
MAY = {
    "extend": {Role.OWNER, Role.ADMIN, Role.BILLING},
    "cancel": {Role.OWNER, Role.ADMIN, Role.BILLING, Role.SUPPORT},
    "keep": {Role.OWNER, Role.ADMIN, Role.BILLING, Role.SUPPORT},
    "pause": {Role.OWNER, Role.ADMIN, Role.BILLING, Role.SUPPORT},
    "resume": {Role.OWNER, Role.ADMIN, Role.BILLING, Role.SUPPORT},
    "skip-renewal": {Role.OWNER, Role.ADMIN, Role.BILLING},
    "billing-date": {Role.OWNER, Role.ADMIN, Role.BILLING},
    "waive": {Role.OWNER, Role.ADMIN, Role.BILLING},
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def shop(world: World, team: Team) -> Shop:
    return Shop(world, team.owner)


def ready_for(shop: Shop, verb: str, clock: time_machine.Traveller) -> Buyer:
    """Somebody in the state that the verb is for."""
    if verb == "waive":
        return in_arrears(shop, clock, days=4)
    buyer = shop.buyer("Basic")
    if verb == "keep":
        buyer.does(Cancel(buyer.target, CancelWhen.PERIOD_END, CancelReason.OTHER))
    if verb == "resume":
        buyer.does(Pause(buyer.target, PauseWhen.NOW))
    return buyer


def in_arrears(shop: Shop, clock: time_machine.Traveller, *, days: int) -> Buyer:
    """Somebody whose renewal fell due on 17 March and was declined; so many days after 15 March."""
    buyer = shop.buyer("Basic", days_ago=28, card="sandbox_soft_decline")
    now = NOW + timedelta(days=days)
    buyer.lives_until(now)
    clock.move_to(now)
    return buyer


@pytest.mark.parametrize("verb", FILLED)
def test_it_is_shown_first_and_then_done(shop: Shop, verb: str, clock: time_machine.Traveller) -> None:
    buyer, client = ready_for(shop, verb, clock), shop.person.client()
    before = everything(shop.world)
    assert previewed(client, address(buyer, verb), FILLED[verb])
    assert everything(shop.world) == before
    answer = confirm(client, address(buyer, verb), FILLED[verb])
    assert answer.redirect_chain == [(f"{customer_address(buyer)}#{public('sub', buyer.subscription)}", 302)], text(
        answer
    )
    assert everything(shop.world) != before


@pytest.mark.parametrize("verb", FILLED)
def test_confirming_twice_does_it_once(shop: Shop, verb: str, clock: time_machine.Traveller) -> None:
    buyer, client = ready_for(shop, verb, clock), shop.person.client()
    cited = {**FILLED[verb], "quote": quoted(client.post(address(buyer, verb), FILLED[verb]))}
    assert client.post(address(buyer, verb), cited).status_code == 302
    done = everything(shop.world)
    assert client.post(address(buyer, verb), cited).status_code in (409, 422)
    assert everything(shop.world) == done


@pytest.mark.parametrize("verb", [verb for verb in FILLED if verb not in ("keep", "resume")])
def test_what_moved_since_is_shown_in_place(shop: Shop, verb: str, clock: time_machine.Traveller) -> None:
    buyer, client = ready_for(shop, verb, clock), shop.person.client()
    cited = {**FILLED[verb], "quote": quoted(client.post(address(buyer, verb), FILLED[verb]))}
    buyer.does(Extend(buyer.target, "meanwhile", days=10))
    before = everything(shop.world)
    answer = client.post(address(buyer, verb), cited)
    assert answer.status_code == 409
    assert "This has changed since you opened it" in text(answer)
    assert everything(shop.world) == before


@pytest.mark.parametrize("verb", FILLED)
def test_each_role_does_what_it_may_and_another_partner_finds_nothing(
    shop: Shop, team: Team, stranger: Person, verb: str, clock: time_machine.Traveller
) -> None:
    buyer = ready_for(shop, verb, clock)
    for where in (address(buyer, verb), customer_address(buyer, f"{verb}/")):
        assert stranger.client().get(where).status_code == 404
        for role in Role:
            assert (team[role].client().get(where).status_code != 403) is (role in MAY[verb]), role
    before = everything(shop.world)
    for person in (stranger, *(team[role] for role in Role if role not in MAY[verb])):
        assert person.client().post(address(buyer, verb), FILLED[verb]).status_code in (403, 404)
    assert everything(shop.world) == before


@pytest.mark.parametrize("verb", ["extend", "skip-renewal", "waive"])
def test_a_note_is_asked_for(shop: Shop, verb: str, clock: time_machine.Traveller) -> None:
    buyer, client = ready_for(shop, verb, clock), shop.person.client()
    answer = client.post(address(buyer, verb), {**FILLED[verb], "note": " "})
    assert answer.status_code == 422
    assert "Give a note of at most 500 letters; your team reads it." in text(answer)


# Extend.


@pytest.mark.parametrize(
    ("duration", "ends"), [("1", "May 2, 2026"), ("3", "Jul 2, 2026"), ("6", "Oct 2, 2026"), ("12", "Apr 2, 2027")]
)
def test_months_are_counted_from_the_end(shop: Shop, duration: str, ends: str) -> None:
    shown = previewed(shop.person.client(), address(shop.buyer("Basic"), "extend"), {"duration": duration, **NOTE})
    assert f"It runs until {ends}, and nothing is charged for the time until then." in shown


def test_days_are_as_many_as_are_written(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    assert "Say for how many days" in previewed(client, address(buyer, "extend"), {"duration": "days", **NOTE})
    answer = confirm(client, address(buyer, "extend"), {"duration": "days", "days": "10", **NOTE})
    assert "is extended until Apr 12, 2026." in text(answer)
    assert buyer.terms[-1][1].isoformat() == "2026-04-12"


@pytest.mark.parametrize("days", ["", "0", "367", "ten", "1.5"])
def test_a_wrong_number_of_days_is_named(shop: Shop, days: str) -> None:
    answer = shop.person.client().post(address(shop.buyer(), "extend"), {"duration": "days", "days": days, **NOTE})
    assert answer.status_code == 422
    assert 'id="id_days_error"' in answer.content.decode()


def test_money_from_outside_is_filled_in_with_what_is_owed(shop: Shop, clock: time_machine.Traveller) -> None:
    buyer, client = in_arrears(shop, clock, days=4), shop.person.client()
    asked = {"duration": "days", "days": "30", "received": "on", **NOTE}
    part = client.post(f"{address(buyer, 'extend')}?preview", asked).content.decode()
    assert re.search(r'name="amount" value="100.00"', part)
    assert re.search(r'name="received_on" value="2026-03-19"', part)
    paid = asked | {"amount": "100.00", "source": "cash", "received_on": "2026-03-19", "asked_for": "days 30"}
    assert "€100.00 is recorded as paid, and it runs until Apr 16, 2026." in previewed(
        client, address(buyer, "extend"), paid
    )
    answer = confirm(client, address(buyer, "extend"), paid)
    assert "is extended until Apr 16, 2026." in text(answer)
    assert (buyer.row().collection, buyer.invoices) == ("current", [("paid", "100.00")])


def test_another_duration_asks_for_another_amount(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    asked = {"duration": "days", "days": "60", "received": "on", "amount": "100.00", "asked_for": "days 30", **NOTE}
    part = client.post(f"{address(buyer, 'extend')}?preview", asked).content.decode()
    assert re.search(r'name="amount" value="200.00"', part)


def test_too_little_money_is_refused_at_its_field(shop: Shop, clock: time_machine.Traveller) -> None:
    buyer, client = in_arrears(shop, clock, days=4), shop.person.client()
    paid = {"duration": "days", "days": "30", "received": "on", "source": "bank", "received_on": "2026-03-19", **NOTE}
    paid |= {"amount": "99.99", "asked_for": "days 30"}
    answer = confirm(client, address(buyer, "extend"), paid)
    assert answer.status_code == 422
    assert "Amount: A payment covers all that is owed." in text(answer)
    assert buyer.invoices == [("open", "100.00")]


def test_an_extension_lifts_what_blocked_for_nonpayment(shop: Shop, clock: time_machine.Traveller) -> None:
    buyer, client = in_arrears(shop, clock, days=12), shop.person.client()
    assert buyer.row().access == "blocked"
    shown = previewed(client, address(buyer, "extend"), {"duration": "1", **NOTE})
    assert "Access opens again." in shown
    assert "Blocked Open" in shown
    confirm(client, address(buyer, "extend"), {"duration": "1", **NOTE})
    assert (buyer.row().access, buyer.row().collection) == ("open", "current")


# Cancel and keep.


def test_cancelling_offers_the_end_of_the_period_first(shop: Shop) -> None:
    page = shop.person.client().get(address(shop.buyer("Basic"), "cancel"))
    shown = text(page)
    assert "At the end of the period, on Apr 2, 2026 Now" in shown
    assert "It ends on Apr 2, 2026 and is not renewed." in shown
    assert "Give the unused days" not in shown


def test_a_reason_is_asked_for(shop: Shop) -> None:
    answer = shop.person.client().post(address(shop.buyer(), "cancel"), {"when": "now", "reason": ""})
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in answer.content.decode()


def test_cancelled_now_the_unused_days_are_given_only_where_that_is_ticked(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    now = {"when": "now", "reason": "too_expensive"}
    shown = previewed(client, address(buyer, "cancel"), now)
    assert "Give the unused days to the customer’s balance" in shown
    assert "Nothing is given back." in shown
    given = now | {"credit_unused": "on"}
    assert "€60.00 goes to the customer’s balance." in previewed(client, address(buyer, "cancel"), given)
    answer = confirm(client, address(buyer, "cancel"), given)
    assert "has ended." in text(answer)
    assert (buyer.row().lifecycle, buyer.balance) == ("ended", "60.00")


def test_support_cancels_and_gives_nothing_back(shop: Shop, team: Team) -> None:
    buyer, client = shop.buyer("Basic"), team[Role.SUPPORT].client()
    asked = {"when": "now", "reason": "unused", "credit_unused": "on"}
    assert "Give the unused days" not in previewed(client, address(buyer, "cancel"), asked)
    confirm(client, address(buyer, "cancel"), asked)
    assert (buyer.row().lifecycle, buyer.balance) == ("ended", "0")


def test_what_is_cancelled_already_can_only_end_now(shop: Shop) -> None:
    buyer = shop.buyer("Basic")
    buyer.does(Cancel(buyer.target, CancelWhen.PERIOD_END, CancelReason.OTHER))
    page = shop.person.client().get(address(buyer, "cancel")).content.decode()
    assert re.findall(r'<option value="(now|period_end)"', page) == ["now"]


def test_what_was_cancelled_is_kept(shop: Shop, clock: time_machine.Traveller) -> None:
    buyer, client = ready_for(shop, "keep", clock), shop.person.client()
    page = client.get(address(buyer, "keep"))
    assert "It goes on after Apr 2, 2026 and is billed as before." in text(page)
    answer = client.post(address(buyer, "keep"), {"quote": quoted(page)}, follow=True)
    assert "goes on." in text(answer)
    assert not buyer.row().cancel_at_period_end


def test_what_is_not_cancelled_cannot_be_kept(shop: Shop) -> None:
    assert "It is not cancelled." in text(shop.person.client().get(address(shop.buyer(), "keep")))


# Pause, resume, skip, move.


def test_a_pause_says_from_when_until_when(shop: Shop) -> None:
    client, where = shop.person.client(), address(shop.buyer("Basic"), "pause")
    for data, sentence in (
        ({"when": "period_end"}, "From Apr 2, 2026 access is closed and nothing is billed. It rests until somebody"),
        ({"when": "period_end", "until": "2026-06-01"}, "nothing is billed. It goes on by itself on Jun 1, 2026."),
        ({"when": "now"}, "Access closes now, and nothing is billed. It rests until somebody resumes it. €60.00 goes"),
        ({"when": "period_end", "until": "2026-03-20"}, "Choose a day after the pause has begun."),
    ):
        assert sentence in previewed(client, where, data), data


def test_support_pauses_only_from_the_end_of_the_period(shop: Shop, team: Team) -> None:
    page = team[Role.SUPPORT].client().get(address(shop.buyer("Basic"), "pause")).content.decode()
    assert re.findall(r'<option value="(now|period_end)"', page) == ["period_end"]


def test_resuming_begins_a_new_period(shop: Shop, clock: time_machine.Traveller) -> None:
    buyer, client = ready_for(shop, "resume", clock), shop.person.client()
    page = client.get(address(buyer, "resume"))
    assert "The pause ends, and a new period begins today: it is billed at once." in text(page)
    client.post(address(buyer, "resume"), {"quote": quoted(page)})
    assert buyer.row().access == "open"


def test_a_pause_that_has_not_begun_is_withdrawn(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    buyer.does(Pause(buyer.target, PauseWhen.PERIOD_END))
    assert "The pause does not begin; it goes on as before." in text(client.get(address(buyer, "resume")))


def test_a_skipped_renewal_says_when_it_is_billed_instead(shop: Shop) -> None:
    shown = text(shop.person.client().get(address(shop.buyer("Basic"), "skip-renewal")))
    assert "Nothing is charged on Apr 2, 2026. It runs until May 2, 2026 and is billed then." in shown


def test_the_billing_date_moves_at_most_one_period(shop: Shop) -> None:
    buyer, client = shop.buyer("Basic"), shop.person.client()
    where = address(buyer, "billing-date")
    page = client.get(where)
    assert 'min="2026-03-16" max="2026-05-02"' in page.content.decode()
    assert "It is billed on Apr 2, 2026 now. Choose another day, May 2, 2026 at the latest." in text(page)
    for on, sentence in (
        ("2026-04-08", "€20.00 for the days until Apr 8, 2026 is charged to"),
        ("2026-03-27", "It is billed next on Mar 27, 2026. €20.00 goes to the customer’s balance."),
        ("2026-05-03", "That is more than one period ahead."),
        ("2026-03-15", "Choose a day after today."),
        ("2026-04-02", "It is billed on that day already."),
    ):
        assert sentence in previewed(client, where, {"on": on}), on
    answer = confirm(client, where, {"on": "2026-04-08"})
    assert "is billed next on Apr 8, 2026. €20.00 was charged." in text(answer)
    assert buyer.charged == ["20.00"]


def test_a_declined_move_changes_nothing_and_says_so(shop: Shop) -> None:
    buyer = shop.buyer("Basic", card="sandbox_soft_decline")
    answer = confirm(shop.person.client(), address(buyer, "billing-date"), {"on": "2026-04-08"})
    assert "Declined: nothing has changed" in text(answer)
    assert buyer.terms[-1][1].isoformat() == "2026-04-02"


# Waive.


@pytest.mark.parametrize(("days", "opens"), [(4, False), (12, True)])
def test_what_is_forgiven_is_named(shop: Shop, clock: time_machine.Traveller, days: int, *, opens: bool) -> None:
    buyer, client = in_arrears(shop, clock, days=days), shop.person.client()
    shown = text(client.get(address(buyer, "waive")))
    assert "€100.00 is forgiven. It runs until Apr 16, 2026 without a payment and is billed then." in shown
    assert ("Access opens again." in shown) is opens
    answer = confirm(client, address(buyer, "waive"), NOTE)
    assert "owed is waived." in text(answer)
    assert (buyer.row().access, buyer.row().collection) == ("open", "current")


def test_where_nothing_is_owed_nothing_is_forgiven(shop: Shop) -> None:
    assert "Nothing is owed for it." in text(shop.person.client().get(address(shop.buyer(), "waive")))
