"""Reading a derivation back: from the JSON beside a line, and the money inside of it."""

from __future__ import annotations

from typing import Any

from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money


def derivation_from(kept: dict[str, Any]) -> Derivation:
    """The derivation whose `as_json` was kept."""
    parts = tuple(derivation_from(part) for part in kept["parts"])
    return Derivation(kept["rule"], dict(kept["inputs"]), dict(kept["policy"]), parts)


def money_in(why: Derivation, name: str) -> Money:
    """An input that is an amount, written as `100.00 EUR`."""
    amount, _, currency = why.inputs[name].partition(" ")
    return Money.parse(amount, currency)
