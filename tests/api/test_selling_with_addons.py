"""A subscription is sold with add-ons and on a named card: the preview, the invoice and the renewals agree."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.program import Program
from tests.api.test_quick_start import bought

TEN = {"amount": 1000, "currency": "EUR"}


def addon(program: Program, product: str, *, kind: str = "recurring", name: str = "Number") -> str:
    interval = {"allowances": {"minutes": 100}} if kind == "pack" else {"interval": "month"}
    body = {"name": name, "product": product, "kind": kind, "prices": [TEN], **interval}
    return str(program.post("/addons", body).ok(201)["id"])


def wanted(ids: dict[str, str], *addons: str, **other: Any) -> dict[str, Any]:
    chosen = [{"addon": one, "quantity": 2} for one in addons]
    return {"customer": ids["customer"], "plan": ids["Small"], "payment": "invoice", "addons": chosen, **other}


def billed(program: Program, subscription: str) -> list[tuple[str, int]]:
    """Lines of its newest invoice."""
    [invoice, *_] = program.get(f"/invoices?subscription={subscription}").ok()["data"]
    return [(line["description"], line["amount"]["amount"]) for line in invoice["lines"]]


def test_add_ons_are_on_the_first_invoice_as_the_preview_says(program: Program) -> None:
    ids = bought(program)
    body = wanted(ids, addon(program, ids["product"]))
    quote = program.post("/subscriptions/preview", body).ok()
    assert [(line["description"], line["amount"]["amount"]) for line in quote["lines"]] == [
        ("Small", 3000),
        ("Number", 2000),
    ]
    assert quote["due_now"] == {"amount": 5000, "currency": "EUR"}
    sold = program.post("/subscriptions", {**body, "quote": quote["id"]}).ok(201)["id"]
    assert billed(program, sold) == [("Small", 3000), ("Number", 2000)]


def test_a_first_period_of_fewer_days_has_their_share_too(program: Program) -> None:
    ids = bought(program)
    quote = program.post("/subscriptions/preview", wanted(ids, addon(program, ids["product"]), anchor_day=1)).ok()
    plan, number = (line["amount"]["amount"] for line in quote["lines"])
    assert 0 < plan < 3000
    assert number == pytest.approx(plan * 2 / 3, abs=1)


@pytest.mark.django_db(transaction=True)
def test_they_are_billed_with_every_renewal_and_on_a_named_card(in_test_mode: Program) -> None:
    ids = bought(in_test_mode)
    card = in_test_mode.post("/payment_methods", {"customer": ids["customer"], "method": "sandbox_ok"}).ok(201)["id"]
    body = wanted(ids, addon(in_test_mode, ids["product"]), payment="card", payment_method=card)
    sold = in_test_mode.post("/subscriptions", body).ok(201)
    for _month in range(2):
        assert billed(in_test_mode, sold["id"]) == [("Small", 3000), ("Number", 2000)]
        now = in_test_mode.get(f"/subscriptions/{sold['id']}").ok()
        assert (now["lifecycle"], now["collection"]) == ("active", "current")
        in_test_mode.post("/test_clock/advance", {"to": now["current_period"]["ends_at"]}).ok()


@pytest.mark.django_db(transaction=True)
def test_after_a_trial_they_are_billed_with_the_first_paid_period(in_test_mode: Program) -> None:
    ids = bought(in_test_mode)
    in_test_mode.post("/payment_methods", {"customer": ids["customer"], "method": "sandbox_ok"}).ok(201)
    number = addon(in_test_mode, ids["product"])
    sold = in_test_mode.post("/subscriptions", wanted(ids, number, payment="card", trial_days=14)).ok(201)
    assert in_test_mode.get(f"/invoices?subscription={sold['id']}").ok()["data"] == []
    in_test_mode.post("/test_clock/advance", {"to": sold["current_period"]["ends_at"]}).ok()
    assert billed(in_test_mode, sold["id"]) == [("Small", 3000), ("Number", 2000)]


@pytest.mark.django_db(transaction=True)
def test_what_starts_later_is_billed_with_them_on_its_day(in_test_mode: Program) -> None:
    ids = bought(in_test_mode)
    later = "2027-01-15T00:00:00Z"
    sold = in_test_mode.post("/subscriptions", wanted(ids, addon(in_test_mode, ids["product"]), start_at=later)).ok(201)
    assert sold["lifecycle"] == "scheduled"
    in_test_mode.post("/test_clock/advance", {"to": later}).ok()
    assert billed(in_test_mode, sold["id"]) == [("Small", 3000), ("Number", 2000)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["pack", "expiring"])
def test_what_is_bought_once_is_on_the_first_invoice_and_on_no_other(in_test_mode: Program, kind: str) -> None:
    ids = bought(in_test_mode)
    in_test_mode.post("/payment_methods", {"customer": ids["customer"], "method": "sandbox_ok"}).ok(201)
    once = addon(in_test_mode, ids["product"], kind=kind)
    sold = in_test_mode.post("/subscriptions", wanted(ids, once, payment="card")).ok(201)
    assert billed(in_test_mode, sold["id"]) == [("Small", 3000), ("Number", 2000)]
    in_test_mode.post("/test_clock/advance", {"to": sold["current_period"]["ends_at"]}).ok()
    assert billed(in_test_mode, sold["id"]) == [("Small", 3000)]
    left = in_test_mode.get(f"/subscriptions/{sold['id']}").ok()["addons"]
    assert [one["addon"] for one in left] == ([once] if kind == "pack" else [])


@pytest.mark.django_db(transaction=True)
def test_the_days_of_an_expiring_one_begin_with_the_first_payment(in_test_mode: Program) -> None:
    in_test_mode.post("/test_clock", {"now": "2027-01-28T09:00:00Z"}).ok()
    ids = bought(in_test_mode)
    sold = in_test_mode.post("/subscriptions", wanted(ids, addon(in_test_mode, ids["product"], kind="expiring"))).ok(
        201
    )
    [invoice] = in_test_mode.get(f"/invoices?subscription={sold['id']}").ok()["data"]
    assert [line["period"]["ends_on"] for line in invoice["lines"]] == ["2027-02-28", "2027-02-01"]
    in_test_mode.post("/test_clock/advance", {"to": "2027-02-02T09:00:00Z"}).ok()
    assert len(in_test_mode.get(f"/subscriptions/{sold['id']}").ok()["addons"]) == 1
    money = {"subscription": sold["id"], "amount": invoice["due"], "source": "bank", "note": "Bank"}
    in_test_mode.post("/payments", money).ok(201)
    [held] = in_test_mode.get(f"/subscriptions/{sold['id']}").ok()["addons"]
    assert held["until_on"] == "2027-03-01"
    in_test_mode.post("/test_clock/advance", {"to": "2027-03-01T09:00:00Z"}).ok()
    assert in_test_mode.get(f"/subscriptions/{sold['id']}").ok()["addons"] == []


@pytest.mark.parametrize("kind", ["pack", "expiring"])
def test_a_trial_has_no_invoice_that_what_is_bought_once_could_stand_on(program: Program, kind: str) -> None:
    ids = bought(program)
    answer = program.post("/subscriptions", wanted(ids, addon(program, ids["product"], kind=kind), trial_days=14))
    assert (answer.status, answer["reason"], answer.fields) == (422, "addon_bought_once", {"addons"})
    assert "when the trial runs" in answer["detail"]


def test_an_addon_of_another_product_or_of_another_partner_is_refused(
    program: Program, stranger_program: Program
) -> None:
    ids, theirs = bought(program), bought(stranger_program)
    other = addon(program, program.post("/products", {"name": "Mail"}).ok(201)["id"])
    unfit = program.post("/subscriptions", wanted(ids, other))
    assert (unfit.status, unfit["reason"]) == (422, "addon_does_not_fit")
    foreign = program.post("/subscriptions", wanted(ids, addon(stranger_program, theirs["product"])))
    assert (foreign.status, foreign.fields) == (404, {"addons"})
    assert program.get(f"/subscriptions?customer={ids['customer']}").ok()["data"] != []


def test_no_other_card_is_charged_than_the_one_that_was_named(program: Program, stranger_program: Program) -> None:
    ids, theirs = bought(program), bought(stranger_program)
    old, new = (
        program.post("/payment_methods", {"customer": ids["customer"], "method": method}).ok(201)["id"]
        for method in ("sandbox_ok", "sandbox_declines_on_renewal")
    )
    replaced = program.post("/subscriptions", wanted(ids, payment_method=old))
    assert (replaced.status, replaced["reason"]) == (422, "card_taken_away")
    assert replaced.fields == {"payment_method"}
    foreign = stranger_program.post("/subscriptions", wanted(theirs, payment_method=new))
    assert (foreign.status, foreign.fields) == (404, {"payment_method"})
    program.post("/subscriptions", wanted(ids, payment_method=new)).ok(201)


def test_any_card_of_the_customer_is_named_and_stays_the_one_of_that_subscription(program: Program) -> None:
    ids = bought(program)
    default, second = (
        program.post("/payment_methods", {"customer": ids["customer"], "method": method, "beside": beside}).ok(201)[
            "id"
        ]
        for method, beside in (("sandbox_soft_decline", False), ("sandbox_ok", True))
    )
    made = program.post("/subscriptions", wanted(ids, payment="card", trial_days=14, payment_method=second)).ok(201)
    assert (made["payment_method"], made["own_payment_method"]) == (second, True)
    path = f"/subscriptions/{made['id']}/set_payment_method"
    left = program.post(path, {}).ok()
    assert (left["payment_method"], left["own_payment_method"]) == (default, False)
    assert program.post(path, {"payment_method": second}).ok()["own_payment_method"]
    assert program.send("DELETE", f"/payment_methods/{second}", **{"Idempotency-Key": "gone"}).status == 204
    assert program.get(f"/subscriptions/{made['id']}").ok()["payment_method"] == default
