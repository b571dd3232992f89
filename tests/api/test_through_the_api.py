"""What people do in the panel, done by a program from beginning to end: refunds, undo, jobs, policies, credentials."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import pytest

from partnerpanel.actions.api_keys import create_key
from partnerpanel.kernel.ids import parse
from partnerpanel.queues.tasks import drain_partner
from partnerpanel.tenancy.actor import Actor
from tests.api.program import Program, make_program
from tests.api.test_quick_start import bought
from tests.api.test_test_clock import advance, with_a_card
from tests.people import Person
from tests.world import NOW

THIRTY = {"amount": 3000, "currency": "EUR"}


def partner_of(program: Program) -> UUID:
    return parse("par", program.get("/me").ok()["partner"])


def rows_of(program: Program, path: str) -> list[dict[str, str]]:
    """A file that the API answers with, by its headings."""
    answer = program.get(path)
    assert answer.header("Content-Type") == "text/csv; charset=utf-8"
    content: Any = answer.response
    return list(csv.DictReader(io.StringIO(b"".join(content.streaming_content).decode())))


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_given_back_as_its_preview_says(in_test_mode: Program) -> None:
    ids = with_a_card(in_test_mode, "sandbox_ok")
    advance(in_test_mode, days=1)
    [paid] = in_test_mode.get(f"/payments?customer={ids['customer']}").ok()["data"]
    wanted = {"type": "amount", "amount": {"amount": 1000, "currency": "EUR"}, "reason": "requested", "access": "keep"}
    at = f"/payments/{paid['id']}/refund"
    quote = in_test_mode.post(f"{at}/preview", wanted).ok()
    assert (quote["possible"], quote["money"][0]["refund"]) == (True, wanted["amount"])
    in_test_mode.post(at, {**wanted, "quote": quote["id"]}).ok()
    advance(in_test_mode, days=1)
    [refund] = in_test_mode.get(f"/refunds?customer={ids['customer']}").ok()["data"]
    assert (refund["amount"], refund["status"]) == (wanted["amount"], "succeeded")
    more = in_test_mode.post(at, {**wanted, "amount": THIRTY})
    assert more.status == 422


@pytest.mark.django_db(transaction=True)
def test_an_invoice_is_corrected_once_the_customer_has_another_name(in_test_mode: Program) -> None:
    ids = with_a_card(in_test_mode, "sandbox_ok")
    advance(in_test_mode, days=1)
    [first] = in_test_mode.get(f"/invoices?customer={ids['customer']}&status=paid").ok()["data"]
    at, wanted = f"/invoices/{first['id']}/correct", {"note": "they have another name", "keeps_total": True}
    same = in_test_mode.post(at, wanted)
    assert (same.status, same.code) == (422, "nothing_to_do")
    in_test_mode.patch(f"/customers/{ids['customer']}", {"name": "Anna Alder Ltd"}).ok()
    quote = in_test_mode.post(f"{at}/preview", wanted).ok()
    assert quote["possible"] is True
    in_test_mode.post(at, {**wanted, "quote": quote["id"]}).ok()
    after, before = in_test_mode.get(f"/invoices?customer={ids['customer']}&status=paid").ok()["data"]
    assert (after["corrects"], after["total"], before["corrected_by"]) == (first["id"], first["total"], after["id"])
    assert (after["from_balance"], after["paid"]["amount"]) == (first["total"], 0)
    assert in_test_mode.post(at, wanted).status == 422


def test_what_was_done_is_undone_by_its_event_and_only_once(program: Program, stranger_program: Program) -> None:
    ids = bought(program)
    at = f"/subscriptions/{ids['subscription']}"
    program.post(f"{at}/suspend", {"kind": "manual", "reason": "does not answer"}).ok()
    [event] = program.get(f"/events?customer={ids['customer']}&type=subscription.suspended").ok()["data"]
    assert event["actor"] == "key"
    undo = f"/events/{event['id']}/undo"
    assert stranger_program.post(undo, {}).status == 404
    assert program.post(f"{undo}/preview", {}).ok()["possible"] is True
    program.post(undo, {}).ok()
    assert [hold["kind"] for hold in program.get(at).ok()["holds"]] == []
    assert program.post(undo, {}).status in (409, 422)


def test_an_undo_asks_for_the_rights_of_what_it_undoes(owner: Person, program: Program) -> None:
    ids = bought(program)
    program.post(f"/subscriptions/{ids['subscription']}/suspend", {"kind": "manual", "reason": "x"}).ok()
    [event] = program.get(f"/events?customer={ids['customer']}&type=subscription.suspended").ok()["data"]
    reader = make_program(owner, scopes=["events:read"])
    answer = reader.post(f"/events/{event['id']}/undo", {})
    assert (answer.status, answer.code) == (403, "forbidden")
    assert [hold["kind"] for hold in program.get(f"/subscriptions/{ids['subscription']}").ok()["holds"]] == ["manual"]


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_key_previews_itself_is_confirmed_and_tells_each_row(
    program: Program, stranger_program: Program
) -> None:
    customers = [
        program.post("/customers", {"name": name, "email": f"{name}@example.com"}).ok(201)["id"] for name in "abc"
    ]
    body = {"verb": "customers.tags", "inputs": {"add": ["vip"]}, "customers": customers}
    job = program.post("/jobs", body).ok(201)
    partner_id = partner_of(program)
    drain_partner("bulk", partner_id, seconds=60)
    ready = program.get(f"/jobs/{job['id']}").ok()
    assert (ready["state"], ready["total"], ready["planned"]) == ("ready", 3, 3)
    assert program.get(f"/customers/{customers[0]}").ok()["tags"] == []
    program.post(f"/jobs/{job['id']}/confirm", {}).ok()
    drain_partner("bulk", partner_id, seconds=60)
    assert program.get(f"/jobs/{job['id']}").ok()["state"] == "done"
    assert [program.get(f"/customers/{one}").ok()["tags"] for one in customers] == [["vip"]] * 3
    found = rows_of(program, f"/jobs/{job['id']}/results")
    assert [(row["customer"], row["state"]) for row in found] == [(one, "done") for one in customers]
    [event] = program.get(f"/events?customer={customers[0]}&type=customer.tagged").ok()["data"]
    assert event["actor"] == "key"
    for path in ("", "/results"):
        assert stranger_program.get(f"/jobs/{job['id']}{path}").status == 404


def test_a_job_needs_the_scope_of_its_verb_too(owner: Person, program: Program) -> None:
    ids = bought(program)
    narrow = make_program(owner, scopes=["jobs:write", "jobs:read"])
    answer = narrow.post("/jobs", {"verb": "customers.tags", "inputs": {"add": ["x"]}, "customers": [ids["customer"]]})
    assert (answer.status, answer.code) == (403, "missing_scope")
    assert program.get("/jobs").ok()["data"] == []


def test_a_customer_gets_a_policy_of_its_own_and_stale_ones_are_refused(
    program: Program, stranger_program: Program
) -> None:
    ids = bought(program)
    at = f"/policies/{ids['customer']}"
    before = program.get(at).ok()
    assert (before["level"], before["version"], before["overrides"]) == ("customer", 0, {})
    wanted = {"overrides": {"grace.days": 3}, "based_on": 0}
    proposal = program.post(f"{at}/preview", wanted).ok()
    assert proposal["after"]["grace.days"] == 3
    after = program.patch(at, wanted).ok()
    assert (after["values"]["grace.days"], after["overrides"]) == (3, {"grace.days": 3})
    assert after["sources"]["grace.days"].startswith("customer")
    stale = program.patch(at, wanted)
    assert stale.status == 409
    wrong = program.patch(at, {"overrides": {"grace.colour": "red"}, "based_on": after["version"]})
    assert wrong.status == 422
    assert stranger_program.patch(at, wanted).status == 404
    assert program.get(at).ok() == after


@pytest.mark.django_db(transaction=True)
def test_credentials_are_shown_to_a_key_that_may_and_each_look_is_recorded(in_test_mode: Program) -> None:
    ids = with_a_card(in_test_mode, "sandbox_ok")
    advance(in_test_mode, days=1)
    at = f"/subscriptions/{ids['subscription']}/credentials/reveal"
    shown = in_test_mode.post(at, {"reason": "the customer has called"}).ok()
    assert shown["username"]
    assert shown["password"]
    looks = in_test_mode.get(f"/events?customer={ids['customer']}&type=service_account.credentials_viewed").ok()["data"]
    assert [look["actor"] for look in looks] == ["key"]
    assert shown["password"] not in str(looks)
    assert in_test_mode.post(at, {}).fields == {"reason"}


@pytest.mark.django_db(transaction=True)
def test_a_key_for_credentials_alone_shows_them_and_reads_nothing_else(in_test_mode: Program) -> None:
    ids = with_a_card(in_test_mode, "sandbox_ok")
    advance(in_test_mode, days=1)
    actor = Actor.system(partner_of(in_test_mode))

    def holding(*scopes: str) -> Program:
        return Program(create_key(name="A helper", scopes=scopes, actor=actor, now=NOW).secret)

    at, why = f"/subscriptions/{ids['subscription']}/credentials/reveal", {"reason": "the customer has called"}
    revealing = holding("credentials:reveal")
    assert revealing.post(at, why).ok()["password"]
    for path in (f"/subscriptions/{ids['subscription']}", f"/customers/{ids['customer']}", "/service_accounts"):
        assert (revealing.get(path).status, revealing.get(path).code) == (403, "missing_scope")
    answer = holding("subscriptions:write", "service_accounts:write").post(at, why)
    assert (answer.status, answer.code) == (403, "missing_scope")


def test_an_export_has_every_row_and_starts_no_formula(program: Program, stranger_program: Program) -> None:
    for number, name in enumerate(("=1+1", "Ada, “the first”", "@Ben")):
        program.post("/customers", {"name": name, "email": f"{number}@example.com"}).ok(201)
    stranger_program.post("/customers", {"name": "Nobody of ours", "email": "x@example.com"}).ok(201)
    found = rows_of(program, "/exports/customers")
    assert [row["name"] for row in found] == ["'@Ben", "Ada, “the first”", "'=1+1"]
    assert all(row["id"].startswith("cus_") for row in found)
    wrong = program.get("/exports/customers?colour=red")
    assert (wrong.status, wrong.fields) == (400, {"colour"})


def test_an_export_needs_the_scope_of_its_rows_too(owner: Person) -> None:
    answer = make_program(owner, scopes=["exports:read", "exports:write"]).get("/exports/customers")
    assert (answer.status, answer.code) == (403, "missing_scope")
