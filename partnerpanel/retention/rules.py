"""When what is known of a customer is erased, and what comes before: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from partnerpanel.kernel.clock import local_date
from partnerpanel.policy.rules import schedule
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.retention import WARNINGS_DAYS

# Between the last warning and the erasure lie as many days as the policy's last warning has, also after an outage.
LAST_NOTICE = timedelta(days=WARNINGS_DAYS[-1])
WARNED = "retention.warned"


class Outcome(StrEnum):
    """How a case ended: the data is erased, or there is a reason again to keep it."""

    ERASED = "erased"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Left:
    """One subscription of somebody who may be gone: when it ended, or since when nonpayment blocks it."""

    zone: str
    ended_at: datetime | None
    unpaid_since: datetime | None
    policy: ResolvedPolicy

    @property
    def since_on(self) -> date | None:
        """The local day from which its data's days count; None while it runs."""
        at = self.ended_at or self.unpaid_since
        return local_date(at, self.zone) if at else None


@dataclass(frozen=True, slots=True)
class Clock:
    """Counted from `since_on`; at the beginning of `erase_on`, in `zone`, the data goes. None: it is kept for good."""

    since_on: date
    erase_on: date | None
    zone: str

    @property
    def warnings_on(self) -> tuple[date, ...]:
        if self.erase_on is None:
            return ()
        return schedule.erasure_warnings_on(ended_on=self.since_on, erasure_on=self.erase_on).value


def clock_of(left: Sequence[Left], *, is_held: bool) -> Clock | None:
    """The clock of a customer; None where none runs: something is served, nothing ever was, or the partner holds the
    customer for abuse, in review or banned. The subscription whose data is kept longest counts."""
    if not left or is_held:
        return None
    found = []
    for one in left:
        since = one.since_on
        if since is None:
            return None
        found.append(Clock(since, schedule.erasure_on(one.policy, ended_on=since).value, one.zone))
    return max(found, key=lambda clock: clock.erase_on or date.max)


class Step(StrEnum):
    """What is due of a case today."""

    WAIT = "wait"
    WARN = "warn"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Due:
    """A step, and the local day of the next one; None where there is none. A warning says that the data goes on
    `erase_on`."""

    step: Step
    next_on: date | None
    erase_on: date | None
    warnings: int


def step_of(clock: Clock, *, warnings: int, last_warned_on: date | None, today: date) -> Due:
    """By how many warnings were given and when the last one was.

    Of warnings that an outage left out only the last is made up for, and then the erasure waits its days.
    """
    if clock.erase_on is None:
        return Due(Step.WAIT, None, None, warnings)
    planned = clock.warnings_on
    missed = sum(day <= today for day in planned)
    if warnings < missed:
        erase_on = max(clock.erase_on, today + LAST_NOTICE) if missed == len(planned) else clock.erase_on
        return Due(Step.WARN, _next(planned[missed:], erase_on), erase_on, missed)
    erase_on = clock.erase_on
    if last_warned_on is not None and warnings >= len(planned):
        erase_on = max(erase_on, last_warned_on + LAST_NOTICE)
    if today >= erase_on:
        return Due(Step.ERASE, today + timedelta(days=1), erase_on, warnings)
    return Due(Step.WAIT, _next(planned[missed:], erase_on), erase_on, warnings)


def _next(ahead: Sequence[date], erase_on: date) -> date:
    return min([*ahead, erase_on])
