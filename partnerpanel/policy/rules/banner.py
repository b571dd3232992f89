"""What a customer is told of an unpaid renewal: until when there is access, when we try again, how long data is kept.

The portal's banner and the mails say the same, from the policy that the case has pinned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from partnerpanel.policy.rules import schedule
from partnerpanel.policy.rules.grace import GraceAccess, GraceThen
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.sentences import Sentence

ONE_DAY = timedelta(days=1)


def banner(resolved: ResolvedPolicy, *, first_on: date, today: date, asks_again: bool = True) -> list[Sentence]:
    """Sentences for `today`, a local date on or after the first attempt; days named are the last ones included.

    Not `asks_again`: no card is tried by itself, since there is none, it was declined for good, or its charge waits for
    the customer.
    """
    return list(_sentences(resolved, first_on, today, asks_again=asks_again))


def _sentences(resolved: ResolvedPolicy, first_on: date, today: date, *, asks_again: bool) -> Iterator[Sentence]:
    grace, deadline_on = resolved.policy.grace, schedule.deadline_on(resolved, first_on=first_on).value
    if today < deadline_on:
        access = "full" if grace.access is GraceAccess.FULL else "limited"
        keys = ("grace.access", "grace.days", "grace.counted_from")
        yield Sentence(f"banner.{access}", {"day": deadline_on - ONE_DAY}, keys)
        retries = schedule.retry_dates(resolved, first_on=first_on, deadline_on=deadline_on).value
        ahead = tuple(day for day in retries if day > today)
        if ahead and asks_again:
            yield Sentence("banner.retries", {"days": ahead}, ("retry.offsets_days", "retry.counted_from"))
    else:
        yield Sentence(f"banner.after.{grace.then.value}", {"day": deadline_on}, ("grace.then",))
    if grace.then is GraceThen.DOWNGRADE_TO_FREE:
        return
    erasure_on = schedule.erasure_on(resolved, ended_on=deadline_on).value
    if erasure_on is not None:
        yield Sentence("banner.data", {"day": erasure_on - ONE_DAY}, ("retention.days_after_end",))
