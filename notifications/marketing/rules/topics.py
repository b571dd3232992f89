"""Two kinds of mail: what a customer must get, and what it may do without."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from notifications.rules.kinds import IN_OWN_WORDS, MessageKind


class Topic(StrEnum):
    """What marketing is about: what a customer agrees to and refuses."""

    OFFERS = "offers"
    TIPS = "tips"
    FEEDBACK = "feedback"


# A text that is of no topic is of service: it is sent whatever the customer thinks of marketing.
SERVICE = ""
OF_KIND: Mapping[MessageKind, Topic] = {
    MessageKind.WINBACK: Topic.OFFERS,
    MessageKind.WELCOME_FEATURES: Topic.TIPS,
    MessageKind.WELCOME_FEEDBACK: Topic.FEEDBACK,
}


def topic_of(kind: MessageKind, data: Mapping[str, Any]) -> str:
    """The topic of a mail, SERVICE where it must be received. One in the partner's own words says so itself."""
    if kind in IN_OWN_WORDS:
        return str(data.get("topic", SERVICE))
    return OF_KIND[kind].value if kind in OF_KIND else SERVICE
