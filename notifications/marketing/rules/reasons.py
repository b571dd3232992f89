"""Why somebody is left out, who said so, and what an address is kept from."""

from __future__ import annotations

from enum import StrEnum

NOTE_LENGTH = 300


class Suppressed(StrEnum):
    """Why nothing of marketing goes to an address."""

    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"
    BY_HAND = "by_hand"


class LeftOut(StrEnum):
    """Why a mail is not sent to somebody. Of service mails the first two alone."""

    ERASED = "erased"
    NO_ADDRESS = "no_address"
    BANNED = "banned"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    BY_HAND = "by_hand"
    UNSUBSCRIBED = "unsubscribed"
    REFUSED = "refused"
    NO_CONSENT = "no_consent"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What a customer says of a topic."""

    UNSAID = "unsaid"
    YES = "yes"
    NO = "no"


class Source(StrEnum):
    """Where a customer said it."""

    PORTAL = "portal"
    LINK = "link"
    ONE_CLICK = "one_click"
    STAFF = "staff"
    API = "api"
    IMPORT = "import"
    COMPLAINT = "complaint"
