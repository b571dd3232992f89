"""The steps of a renewal by name, each of which some worker does not survive. `steps` says what is a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Rounds of work, so many seconds apart, in which a charge without an answer is asked for again and looked up.
LATER: Mapping[str, Any] = {"rounds": 4, "ahead": 30.0}

# In the order in which a renewal comes to them: its intent is made,
_INTENT = (
    "insert numberseries",
    "update numberseries",
    "insert invoice",
    "insert invoiceline",
    "insert paymentattempt",
    "insert collectioncase",
    "update subscription",
    "insert event",
    "insert outbox",
    "update customer",
    "commit after update numberseries",
    "committed after update numberseries",
    "wake charges",
    "wake outbox",
    "wake subscriptions",
    "update collectioncase",
    "commit after update collectioncase",
    "committed after update collectioncase",
)
# the gateway is asked and its answer settled,
_CHARGE = (
    "update paymentattempt",
    "commit after update paymentattempt",
    "committed after update paymentattempt",
    "before charge_many",
    "after charge_many",
    "update invoice",
    "insert payment",
    "insert collectioncase",
    "insert term",
    "update subscription",
    "insert event",
    "insert outbox",
    "update customer",
    "commit after update invoice",
    "committed after update invoice",
    "wake outbox",
)
# the customer is told,
_TOLD = (
    "insert message",
    "delete outbox",
    "commit after insert message",
    "committed after insert message",
    "wake mail",
)
# and what stayed in doubt is looked up.
_DOUBT = ("before look_up", "after look_up")

STEPS = [
    *(f"subscriptions: {step}" for step in _INTENT),
    *(f"charges: {step}" for step in _CHARGE),
    *(f"outbox: {step}" for step in _TOLD),
    *(f"charges: {step}" for step in _DOUBT),
]
