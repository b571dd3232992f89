"""The demo's double of Stripe knows after a restart what it knew before."""

from __future__ import annotations

from partnerpanel.embedded.stripe.memory import remember, written
from partnerpanel.embedded.stripe.server import Double, ask

KEY = "sk_test_12345678"


def charge(double: Double, key: str, amount: str = "500") -> object:
    asked = {"amount": amount, "currency": "eur", "payment_method": "pm_card_visa", "confirm": "true"}
    return ask(double, method="POST", path="/v1/payment_intents", given=asked, header=f"Bearer {KEY}", key=key)


def test_objects_answers_and_what_is_untold_outlive_it() -> None:
    before, after = Double(), Double()
    answered = charge(before, "once")
    remember(after, written(before))
    assert charge(after, "once") == answered
    assert len(list(after.account(KEY).of("payment_intent"))) == 1
    assert [one["type"] for one in after.account(KEY).untold] == ["payment_intent.succeeded", "charge.succeeded"]
    assert written(after) == written(before)
    charge(after, "twice")
    assert written(after) != written(before)
