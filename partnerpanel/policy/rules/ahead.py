"""What comes of a renewal that stays unpaid, as its customer is told: at the deadline, and with the data.

An event keeps it as plain data, so that a mail says what held when it happened, whatever is changed until it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from partnerpanel.policy.rules import schedule
from partnerpanel.policy.rules.grace import GraceThen
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Ahead:
    """`then` happens at the beginning of the local day `on`; without a payment data is kept through `kept_until`.

    None: it has happened already, or data is kept for good.
    """

    then: GraceThen | None
    on: date | None
    kept_until: date | None

    def sentences(self) -> list[Sentence]:
        """In the order of their days."""
        found = []
        if self.then is not None and self.on is not None:
            found.append(Sentence(f"ahead.{self.then.value}", {"day": self.on}, ("grace.then", "grace.days")))
        if self.kept_until is not None:
            found.append(Sentence("ahead.data", {"day": self.kept_until}, ("retention.days_after_end",)))
        return found

    def as_data(self) -> dict[str, Any]:
        """For an event, which names the day itself as `until`."""
        said: dict[str, Any] = {"then": self.then.value} if self.then is not None else {}
        return said | ({"kept_until": self.kept_until.isoformat()} if self.kept_until is not None else {})

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What an event says; nothing where it says nothing of it."""
        then, until, kept = data.get("then"), data.get("until"), data.get("kept_until")
        return cls(
            GraceThen(then) if then else None,
            date.fromisoformat(until) if then and until else None,
            date.fromisoformat(kept) if kept else None,
        )


def ahead(resolved: ResolvedPolicy, *, first_on: date, has_free: bool, is_over: bool = False) -> Ahead:
    """By the policy of the case, counted from the day of the first attempt; `is_over`: the deadline has passed.

    `has_free`: a free plan is sold that it could move to; without one it is suspended.
    """
    then = resolved.policy.grace.then
    if then is GraceThen.DOWNGRADE_TO_FREE and not has_free:
        then = GraceThen.SUSPEND
    deadline_on = schedule.deadline_on(resolved, first_on=first_on).value
    erasure_on = None
    if then is not GraceThen.DOWNGRADE_TO_FREE:
        erasure_on = schedule.erasure_on(resolved, ended_on=deadline_on).value
    kept_until = erasure_on - timedelta(days=1) if erasure_on is not None else None
    return Ahead(None, None, kept_until) if is_over else Ahead(then, deadline_on, kept_until)
