"""The test mode's clock: a subscription's two years, told in order, through the same address a program uses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from partnerpanel.api.collections import clock_moves
from partnerpanel.kernel.ids import parse
from partnerpanel.queues.rows import MAX_ATTEMPTS
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.story import worker
from partnerpanel.story.runs import QUEUE
from tests.api.program import Program
from tests.api.test_quick_start import bought
from tests.world import NOW


def with_a_card(program: Program, method: str) -> dict[str, str]:
    """A customer who has paid the first month with that sandbox card."""
    ids = bought(program)
    program.post("/payment_methods", {"customer": ids["customer"], "method": method}).ok(201)
    return ids


def advance(program: Program, *, months: int = 0, days: int = 0) -> dict[str, Any]:
    now = datetime.fromisoformat(program.get("/test_clock").ok()["now"])
    to = (now + relativedelta(months=months, days=days)).isoformat()
    found: dict[str, Any] = program.post("/test_clock/advance", {"to": to}).ok()
    assert (found["state"], found["percent"], found["now"]) == ("arrived", 100, found["to"])
    return found


def of_type(told: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    return [one for one in told["story"]["data"] if one["type"] == type_]


@pytest.mark.django_db(transaction=True)
def test_two_years_of_a_monthly_subscription_are_paid_month_by_month(in_test_mode: Program) -> None:
    ids = with_a_card(in_test_mode, "sandbox_ok")
    told = advance(in_test_mode, months=24)
    instants = [one["at"] for one in told["story"]["data"]]
    assert instants == sorted(instants)
    assert len(of_type(told, "subscription.renewed")) == 24
    for paid in of_type(told, "payment.received"):
        assert paid["payment"]["amount"] == {"amount": 3000, "currency": "EUR"}
        assert paid["payment"]["paid_with"]
        assert in_test_mode.get(f"/payments/{paid['payment']['id']}").ok()["amount"]["amount"] == 3000
    numbers = [one["invoice"]["number"] for one in of_type(told, "invoice.issued")]
    assert len(set(numbers)) == 24
    payments = in_test_mode.get(f"/payments?customer={ids['customer']}&limit=100").ok()["data"]
    assert [one["amount"]["amount"] for one in payments] == [3000] * 25


@pytest.mark.django_db(transaction=True)
def test_a_card_that_fails_leads_through_grace_to_a_hold_and_a_new_one_opens_access(in_test_mode: Program) -> None:
    ids = with_a_card(in_test_mode, "sandbox_declines_on_renewal")
    at = f"/subscriptions/{ids['subscription']}"
    advance(in_test_mode, days=1)
    assert in_test_mode.get(at).ok()["access"] == "open"
    told = advance(in_test_mode, months=2)
    held = in_test_mode.get(at).ok()
    assert (held["access"], [hold["kind"] for hold in held["holds"]]) == ("blocked", ["nonpayment"])
    [suspended] = of_type(told, "subscription.suspended")
    assert suspended["access"] == {"before": "open", "after": "blocked"}
    [mail] = suspended["mails"]
    assert (mail["to"], mail["state"], mail["queued_at"]) == ("ada@example.com", "kept", suspended["at"])
    assert mail["subject"]
    assert suspended["text"] == "subscription suspended"
    quote = in_test_mode.post(f"{at}/renew/preview", {}).ok()
    assert quote["opens_access"] is True
    in_test_mode.post("/payment_methods", {"customer": ids["customer"], "method": "sandbox_ok"}).ok(201)
    advance(in_test_mode, days=1)
    assert in_test_mode.get(at).ok()["access"] == "open"


@pytest.mark.django_db(transaction=True)
def test_the_story_has_what_the_move_brought_and_nothing_before_it(in_test_mode: Program) -> None:
    with_a_card(in_test_mode, "sandbox_ok")
    first = advance(in_test_mode, months=1)
    second = advance(in_test_mode, months=1)
    assert of_type(first, "customer.created") == []
    told = {one["event"] for one in first["story"]["data"]}
    assert told
    assert told.isdisjoint(one["event"] for one in second["story"]["data"])


@pytest.mark.django_db(transaction=True)
def test_a_story_is_read_page_by_page(in_test_mode: Program) -> None:
    with_a_card(in_test_mode, "sandbox_ok")
    told = advance(in_test_mode, months=3)
    at, found, cursor = f"/test_clock/advances/{told['id']}/story?limit=4", [], ""
    while True:
        page = in_test_mode.get(f"{at}{cursor}").ok()
        found += page["data"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found == told["story"]["data"]
    assert in_test_mode.get(f"{at}&colour=red").fields == {"colour"}


@pytest.mark.django_db(transaction=True)
def test_a_move_that_takes_longer_goes_on_by_itself_with_progress(
    in_test_mode: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = with_a_card(in_test_mode, "sandbox_ok")
    monkeypatch.setattr(clock_moves, "PATIENCE", 0.0)
    to = (NOW + relativedelta(months=6)).isoformat()
    moving = in_test_mode.post("/test_clock/advance", {"to": to}).ok(202)
    assert (moving["state"], moving["story"]) == ("moving", None)
    other = in_test_mode.post("/test_clock/advance", {"to": (NOW + relativedelta(months=7)).isoformat()})
    assert (other.status, other.code) == (409, "clock_moving")
    partner_id = parse("par", in_test_mode.get("/me").ok()["partner"])
    at = f"/test_clock/advances/{moving['id']}"
    monkeypatch.setattr(worker, "SLICE", 0.05)
    while not (percent := in_test_mode.get(at).ok()["percent"]):
        assert worker.drain_clocks(partner_id, NOW)
    assert percent < 100
    drain_partner(QUEUE, partner_id, seconds=60)
    arrived = in_test_mode.get(at).ok()
    assert (arrived["state"], arrived["now"]) == ("arrived", arrived["to"])
    assert len(of_type(arrived, "subscription.renewed")) == 6
    again = in_test_mode.post("/test_clock/advance", {"to": to}).ok()
    assert again == arrived
    assert len(in_test_mode.get(f"/payments?customer={ids['customer']}").ok()["data"]) == 7


@pytest.mark.django_db(transaction=True)
def test_a_move_is_stopped_on_its_way(in_test_mode: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_card(in_test_mode, "sandbox_ok")
    monkeypatch.setattr(clock_moves, "PATIENCE", 0.0)
    moving = in_test_mode.post("/test_clock/advance", {"to": (NOW + relativedelta(months=6)).isoformat()}).ok(202)
    assert in_test_mode.post("/test_clock/stop", {}).ok()["moving_to"] is None
    stopped = in_test_mode.get(f"/test_clock/advances/{moving['id']}").ok()
    assert (stopped["state"], stopped["now"] < stopped["to"]) == ("stopped", True)
    partner_id = parse("par", in_test_mode.get("/me").ok()["partner"])
    assert worker.drain_clocks(partner_id, NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_a_move_that_fails_again_and_again_ends_where_it_is_and_says_why(
    in_test_mode: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_card(in_test_mode, "sandbox_ok")
    monkeypatch.setattr(clock_moves, "PATIENCE", 0.0)
    moving = in_test_mode.post("/test_clock/advance", {"to": (NOW + relativedelta(months=6)).isoformat()}).ok(202)
    partner_id = parse("par", in_test_mode.get("/me").ok()["partner"])

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "move_on", broken)
    monkeypatch.setattr(worker, "AGAIN", timedelta())
    for _tries in range(MAX_ATTEMPTS):
        worker.drain_clocks(partner_id, NOW)
    failed = in_test_mode.get(f"/test_clock/advances/{moving['id']}").ok()
    assert (failed["state"], failed["error"]) == ("failed", "ZeroDivisionError")
    monkeypatch.undo()
    advance(in_test_mode, days=1)


def test_a_clock_does_not_go_back(in_test_mode: Program) -> None:
    answer = in_test_mode.post("/test_clock/advance", {"to": "2020-01-01T00:00:00Z"})
    assert (answer.status, answer.fields) == (422, {"to"})


def test_only_the_test_mode_has_a_clock(program: Program) -> None:
    answers = [
        program.get("/test_clock"),
        program.post("/test_clock", {"now": "2030-01-01T00:00:00Z"}),
        program.post("/test_clock/advance", {"to": "2030-01-01T00:00:00Z"}),
        program.post("/test_clock/reset", {}),
    ]
    assert {(answer.status, answer.code) for answer in answers} == {(422, "not_in_test_mode")}


@pytest.mark.django_db(transaction=True)
def test_the_test_mode_is_emptied(in_test_mode: Program) -> None:
    bought(in_test_mode)
    in_test_mode.post("/test_clock/reset", {}).ok()
    assert in_test_mode.get("/customers").ok()["data"] == []
    assert in_test_mode.get("/subscriptions").ok()["data"] == []
