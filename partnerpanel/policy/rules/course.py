"""How one unpaid renewal goes on, as dated sentences, each with the keys that set its day.

For whoever asks why something happened on that day; what a customer is told of it is in `ahead`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from partnerpanel.policy.rules import schedule
from partnerpanel.policy.rules.grace import GraceStarts
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.retry import RetryCountedFrom
from partnerpanel.policy.rules.sentences import Sentence

RETRIES = ("retry.offsets_days", "retry.counted_from")


def course(resolved: ResolvedPolicy, *, first_on: date, is_automatic: bool, is_hard: bool) -> list[Sentence]:
    """First attempt, retries, grace, deadline and what it brings, in this order.

    `is_automatic`: somebody is charged by itself; `is_hard`: no longer, because the card was declined for good.
    """
    return list(_sentences(resolved, first_on, is_automatic=is_automatic, is_hard=is_hard))


def coming(
    resolved: ResolvedPolicy, *, first_on: date, today: date, is_automatic: bool, is_hard: bool
) -> list[Sentence]:
    """What is still to come on `today`: retries, the deadline and what it brings. Nothing once that has passed."""
    deadline = schedule.deadline_on(resolved, first_on=first_on).value
    if today >= deadline:
        return []
    retries = schedule.retry_dates(resolved, first_on=first_on, deadline_on=deadline).value
    left = tuple(day for day in retries if day > today) if is_automatic and not is_hard else ()
    said = [Sentence("course.coming.retries", {"on": left}, RETRIES)] if left else []
    then = resolved.policy.grace.then
    said.append(Sentence(f"course.coming.{then.value}", {"day": deadline}, ("grace.then", "grace.days")))
    return said


def _sentences(resolved: ResolvedPolicy, first_on: date, *, is_automatic: bool, is_hard: bool) -> Iterator[Sentence]:
    grace = resolved.policy.grace
    deadline = schedule.deadline_on(resolved, first_on=first_on).value
    retries = schedule.retry_dates(resolved, first_on=first_on, deadline_on=deadline).value
    asks_again = is_automatic and not is_hard
    yield Sentence("course.first", {"day": first_on})
    if not is_automatic:
        yield Sentence("course.retries.by_hand")
    elif is_hard:
        yield Sentence("course.retries.hard")
    else:
        yield _retries(resolved, first_on, retries)
    starts = schedule.grace_starts_on(resolved, first_on=first_on, retries=retries).value
    if asks_again or grace.starts is GraceStarts.FIRST_FAILURE:
        yield Sentence(f"course.grace.{grace.starts.value}", {"day": starts}, ("grace.starts",))
    else:
        yield Sentence("course.grace.at_once")
    counted = f"course.deadline.{grace.counted_from.value}"
    yield Sentence(counted, {"day": deadline, "n": grace.days}, ("grace.days", "grace.counted_from"))
    yield Sentence(f"grace.then.{grace.then.value}", keys=("grace.then",))


def _retries(resolved: ResolvedPolicy, first_on: date, found: schedule.Dates) -> Sentence:
    retry = resolved.policy.retry
    if not retry.offsets_days:
        return Sentence("retry.none", keys=RETRIES)
    if not found:
        return Sentence("course.retries.dropped", keys=RETRIES)
    days = tuple((day - first_on).days for day in found)
    if retry.counted_from is RetryCountedFrom.PREVIOUS:
        days = retry.offsets_days[: len(found)]
    return Sentence(f"course.retries.{retry.counted_from.value}", {"on": found, "days": days, "n": days[-1]}, RETRIES)
