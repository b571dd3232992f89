"""Why a customer got a mail, or did not: what is known, turned into the sentences that hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notifications.marketing.rules.reasons import LeftOut
from notifications.rules.states import MessageState


class Why(StrEnum):
    """What can be said, each with an instant or a reason where it has one."""

    SENT = "sent"
    BOUNCED = "bounced"
    KEPT = "kept"
    WAITING = "waiting"
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LEFT_OUT = "left_out"
    NEVER = "never"
    NO_STEP = "no_step"
    STEP_DUE = "step_due"
    STEP_STOPPED = "step_stopped"
    NO_DAYS = "no_days"
    NOT_CHOSEN = "not_chosen"
    NOT_CONFIRMED = "not_confirmed"
    WOULD_BE_LEFT_OUT = "would_be_left_out"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence of the answer."""

    why: Why
    at: datetime | None = None
    reason: LeftOut | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Where the step of a series stands that tells the mail; without an outcome there is none."""

    outcome: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """`newest` is the last such mail: its state, its instant, why it was left out, and when it came back."""

    newest: tuple[MessageState, datetime | None, LeftOut | None, datetime | None] | None
    left_out: LeftOut | None = None
    quiet_until: datetime | None = None
    series: Series | None = None
    is_without_days: bool = False
    campaign: str = ""
    campaign_due_at: datetime | None = None


OF_STATE = {
    MessageState.SENT: Why.SENT,
    MessageState.KEPT: Why.KEPT,
    MessageState.QUEUED: Why.WAITING,
    MessageState.SENDING: Why.WAITING,
    MessageState.HELD: Why.HELD,
    MessageState.FAILED: Why.FAILED,
    MessageState.UNKNOWN: Why.UNKNOWN,
    MessageState.LEFT_OUT: Why.LEFT_OUT,
}


def verdicts(facts: Facts) -> list[Verdict]:
    """What became of the newest, what is to come, and what stands in the way now."""
    return list(_said(facts))


def _said(facts: Facts) -> Iterator[Verdict]:
    if facts.newest is not None:
        state, at, reason, bounced_at = facts.newest
        yield Verdict(OF_STATE[state], at if state is not MessageState.HELD else facts.campaign_due_at, reason)
        if bounced_at is not None:
            yield Verdict(Why.BOUNCED, bounced_at)
    elif facts.campaign in ("draft", "cancelled"):
        yield Verdict(Why.NOT_CONFIRMED)
    elif facts.campaign:
        yield Verdict(Why.NOT_CHOSEN)
    elif facts.series is None:
        yield Verdict(Why.NEVER)
    yield from _ahead(facts)
    if facts.left_out is not None and not (facts.newest and facts.newest[2] is facts.left_out):
        yield Verdict(Why.WOULD_BE_LEFT_OUT, reason=facts.left_out)
    elif facts.left_out is None and facts.quiet_until is not None:
        yield Verdict(Why.QUIET, facts.quiet_until)


def _ahead(facts: Facts) -> Iterator[Verdict]:
    if facts.is_without_days:
        yield Verdict(Why.NO_DAYS)
    if facts.series is None:
        return
    if facts.series.outcome == "waiting":
        yield Verdict(Why.STEP_DUE, facts.series.at)
    elif facts.series.outcome == "stopped":
        yield Verdict(Why.STEP_STOPPED, facts.series.at)
    elif not facts.series.outcome and facts.newest is None:
        yield Verdict(Why.NO_STEP)
