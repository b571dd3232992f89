"""When a message is tried again, and when an endpoint that only fails is warned about and given up. System time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

# Standard Webhooks 1.0: at once, then after each of these.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(WAITS) + 1
# A wait is longer by up to this part of it, so that what failed together does not come back together.
JITTER = 0.1
LONGEST_RETRY_AFTER = timedelta(hours=24)
# Nothing is ever due later than that from now.
LONGEST_WAIT = timedelta(hours=27)
WARN_AFTER = timedelta(days=4)
DISABLE_AFTER = timedelta(days=5)
# Nobody is disabled who was not warned so long before.
NOTICE = timedelta(days=1)
SUCCESS, REDIRECT, GONE = range(200, 300), range(300, 400), 410
ASK_LATER = (429, 503)


class Sentence(StrEnum):
    """What becomes of an endpoint after one more failure."""

    NOTHING = "nothing"
    WARN = "warn"
    DISABLE = "disable"


def next_wait(attempts: int, *, chance: float, retry_after: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts; None where that was the last. `chance` is from 0 up to 1.

    A receiver that asks for more time gets it, up to a day.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = WAITS[max(attempts, 1) - 1]
    asked = min(retry_after or timedelta(0), LONGEST_RETRY_AFTER)
    return max(wait, asked) + wait * JITTER * chance


def read_retry_after(status: int | None, text: str, *, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for (RFC 9110: seconds, or an instant), of an answer to which it belongs."""
    if status not in ASK_LATER or not text:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), int(LONGEST_RETRY_AFTER.total_seconds())))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(0), (at if at.tzinfo else at.replace(tzinfo=UTC)) - now)


def sentence(*, failing_since: datetime | None, warned_at: datetime | None, now: datetime) -> Sentence:
    """After nothing but failures since then."""
    if failing_since is None or now - failing_since < WARN_AFTER:
        return Sentence.NOTHING
    if warned_at is None:
        return Sentence.WARN
    if now - failing_since >= DISABLE_AFTER and now - warned_at >= NOTICE:
        return Sentence.DISABLE
    return Sentence.NOTHING
