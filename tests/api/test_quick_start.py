"""What an integrator does first: a product, a plan, a customer, a subscription, a change, with previews."""

from __future__ import annotations

from tests.api.program import Program


def bought(program: Program) -> dict[str, str]:
    """A customer on a monthly plan for 30.00, billed by invoice; ids by what they are."""
    product = program.post("/products", {"name": "Hosting"}).ok(201)["id"]
    plans = {
        name: program.post(
            "/plans",
            {
                "name": name,
                "product": product,
                "price": {"amount": amount, "currency": "EUR"},
                "interval": "month",
                "rank": rank,
            },
        ).ok(201)["id"]
        for rank, (name, amount) in enumerate([("Small", 3000), ("Large", 6000)])
    }
    customer = program.post("/customers", {"name": "Ada Example", "email": "ada@example.com"}).ok(201)["id"]
    wanted = {"customer": customer, "plan": plans["Small"], "payment": "invoice"}
    subscription = program.post("/subscriptions", wanted).ok(201)["id"]
    return {"product": product, "customer": customer, "subscription": subscription, **plans}


def test_a_program_sells_and_changes_a_subscription(program: Program) -> None:
    ids = bought(program)
    plan = program.get(f"/plans/{ids['Small']}").ok()
    assert plan["prices"] == [{"amount": 3000, "currency": "EUR"}]
    subscription = program.get(f"/subscriptions/{ids['subscription']}?expand=customer,plan.product").ok()
    assert subscription["customer"]["email"] == "ada@example.com"
    assert subscription["plan"]["product"]["name"] == "Hosting"
    [invoice] = program.get(f"/invoices?customer={ids['customer']}").ok()["data"]
    assert (invoice["total"], invoice["status"]) == ({"amount": 3000, "currency": "EUR"}, "open")
    assert invoice["lines"][0]["derivation"]


def test_a_preview_says_what_the_verb_then_does(program: Program) -> None:
    ids = bought(program)
    at = f"/subscriptions/{ids['subscription']}"
    program.post(f"{at}/suspend", {"kind": "manual", "reason": "does not answer"}).ok()
    quote = program.post(f"{at}/reactivate/preview", {}).ok()
    assert quote["possible"] is True
    answer = program.post(f"{at}/reactivate", {"quote": quote["id"]}).ok()
    assert answer["holds"] == [hold for hold in answer["holds"] if hold["kind"] != "manual"]


def test_a_quote_of_other_facts_is_a_conflict_that_names_them(program: Program) -> None:
    ids = bought(program)
    at = f"/subscriptions/{ids['subscription']}"
    program.post(f"{at}/suspend", {"kind": "manual", "reason": "does not answer"}).ok()
    quote = program.post(f"{at}/reactivate/preview", {}).ok()
    program.post(f"{at}/suspend", {"kind": "abuse", "reason": "sends spam"}).ok()
    answer = program.post(f"{at}/reactivate", {"quote": quote["id"]})
    assert (answer.status, answer.code) == (409, "facts_moved")
    assert answer["differences"]
