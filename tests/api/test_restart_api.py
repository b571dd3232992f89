"""A program takes up again what has ended: previewed, done once, told."""

from __future__ import annotations

import pytest

from tests.api.program import Program
from tests.api.test_quick_start import bought


@pytest.mark.django_db(transaction=True)
def test_what_has_ended_is_previewed_and_taken_up_again_once(in_test_mode: Program) -> None:
    program, ids = in_test_mode, bought(in_test_mode)
    program.post("/payment_methods", {"customer": ids["customer"], "method": "sandbox_ok"}).ok(201)
    body = {"customer": ids["customer"], "plan": ids["Small"]}
    at = f"/subscriptions/{program.post('/subscriptions', body).ok(201)['id']}"
    assert program.post(f"{at}/restart/preview", {}).ok()["refusals"][0]["code"] == "not_ended"
    program.post(f"{at}/cancel", {"when": "now"}).ok()
    quote = program.post(f"{at}/restart/preview", {"payment": "card"}).ok()
    assert quote["due_now"] == {"amount": 3000, "currency": "EUR"}
    assert quote["next_invoice"] == {"amount": 3000, "currency": "EUR"}
    asked = {"payment": "card", "quote": quote["id"]}
    done = program.post(f"{at}/restart", asked, key="a-return").ok()
    again = program.post(f"{at}/restart", asked, key="a-return")
    assert (again.ok(), again.header("Idempotent-Replayed")) == (done, "true")
    assert program.get(at).ok()["lifecycle"] == "active"
    kinds = [event["type"] for event in program.get(f"/events?customer={ids['customer']}&limit=100").ok()["data"]]
    assert {"subscription.restart_asked", "subscription.restarted"} <= set(kinds)
    assert program.post(f"{at}/restart", {}).code == "nothing_to_do"
