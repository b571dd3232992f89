"""Which events are told to the customer, and in which words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from subscriptions.rules.states import HoldKind


class MessageKind(StrEnum):
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_REACTIVATED = "account_reactivated"
    SUBSCRIPTION_SUSPENDED = "subscription_suspended"
    SUBSCRIPTION_REACTIVATED = "subscription_reactivated"


# The customer asked for none of these, so each is told even where its access stays as it was.
KIND_OF_EVENT: Mapping[str, MessageKind] = {
    "customer.suspended": MessageKind.ACCOUNT_SUSPENDED,
    "customer.reactivated": MessageKind.ACCOUNT_REACTIVATED,
    "subscription.suspended": MessageKind.SUBSCRIPTION_SUSPENDED,
    "subscription.reactivated": MessageKind.SUBSCRIPTION_REACTIVATED,
}

# How the names of texts end that say it in other words than usual.
IN_REVIEW, UNPAID, IN_PART = "_in_review", "_unpaid", "_in_part"

SUSPENDED = (MessageKind.ACCOUNT_SUSPENDED, MessageKind.SUBSCRIPTION_SUSPENDED)
ABOUT_SUBSCRIPTION = (MessageKind.SUBSCRIPTION_SUSPENDED, MessageKind.SUBSCRIPTION_REACTIVATED)


def text_names(kind: MessageKind) -> tuple[str, ...]:
    """Every text that a message of this kind may be written in."""
    endings = ("", IN_REVIEW, UNPAID) if kind in SUSPENDED else ("", IN_PART)
    return tuple(kind.value + ending for ending in endings)


def text_name(kind: MessageKind, data: Mapping[str, Any]) -> str:
    """The text that fits what the event says: its data hold the kinds of holds `placed`, `released` and `left`."""
    if kind not in SUSPENDED:
        return kind.value + (IN_PART if data.get("left") else "")
    placed: Collection[str] = data.get("placed", ())
    if HoldKind.FRAUD_REVIEW in placed:
        return kind.value + IN_REVIEW
    return kind.value + (UNPAID if HoldKind.NONPAYMENT in placed else "")


def told_reason(kind: MessageKind, words: Mapping[str, str]) -> str:
    """The reason of a suspension is written for the customer; that of a release is kept for the record alone."""
    return words.get("reason", "") if kind in SUSPENDED else ""


def variables_of(kind: MessageKind, name: str) -> frozenset[str]:
    """What a text may name. That of a review has no reason, so nothing in it can accuse."""
    found = {"customer.name", "partner.name", "partner.support_email"}
    if kind in SUSPENDED and not name.endswith(IN_REVIEW):
        found.add("reason")
    if kind in ABOUT_SUBSCRIPTION:
        found.add("plan.name")
    return frozenset(found)
