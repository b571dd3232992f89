"""One row of a file of usage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from partnerpanel.imports.rules.problems import Problem
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse
from subscriptions.rules.meter import KEY_LENGTH, LARGEST, NAME_LENGTH, UsageWish

COLUMNS = ("subscription", "allowance", "amount", "used_at", "key")
INSTANT = "an instant with its zone such as 2026-03-15T10:30:00Z"
# What is wrong where the application refuses a row: the column, what is wrong with it, and what is expected.
REPAIRS = {
    "subscription": ("is not served, so nothing of it is used", "a subscription that is active or on trial"),
    "used_at": ("is outside the time of the subscription", "an instant after it began that is over"),
    "key": ("stands for another record already", "a key of its own, or the very record that it was used for"),
}
UNKNOWN = ("is no subscription of this partner", "an id such as sub_…, or your own number of a subscription")


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A row that can be read. `subscription` is an id as interfaces show it, or the partner's own number."""

    row: int
    subscription: str
    allowance: str
    amount: int
    used_at: datetime
    key: str

    @property
    def id(self) -> UUID | None:
        """The id, where that is what the row names."""
        try:
            return parse("sub", self.subscription)
        except DomainError:
            return None

    def wish(self, subscription_id: UUID) -> UsageWish:
        return UsageWish(subscription_id, self.allowance, self.amount, self.key, self.used_at)

    def problem(self, column: str, what: str, expected: str) -> Problem:
        return Problem(self.row, column, what, str(getattr(self, column)), expected)

    def refused(self, refusal: DomainError) -> Problem:
        """What to repair, where the application refuses the row."""
        column = refusal.field or "subscription"
        return self.problem(column, *REPAIRS.get(column, (refusal.message, f"a usable {column}")))


def read_usage_row(cells: Mapping[str, str], *, row: int) -> UsageRow | list[Problem]:
    """The row, or everything that is wrong with it."""
    text = {name: cells[name].strip() for name in COLUMNS}
    problems = []
    used_at = _instant(text["used_at"])
    digits = re.fullmatch(r"[0-9]{1,16}", text["amount"])
    amount = int(text["amount"]) if digits else 0
    if not text["subscription"] or "\x00" in text["subscription"]:
        problems.append(Problem(row, "subscription", UNKNOWN[0], text["subscription"], UNKNOWN[1]))
    if not 1 <= len(text["allowance"]) <= NAME_LENGTH or "\x00" in text["allowance"]:
        wanted = f"1 to {NAME_LENGTH} letters, such as calls"
        problems.append(Problem(row, "allowance", "is no name of an allowance", text["allowance"], wanted))
    if not 1 <= amount <= LARGEST:
        problems.append(Problem(row, "amount", "is no amount", text["amount"], "a whole number of one or more"))
    if used_at is None:
        problems.append(Problem(row, "used_at", "is no instant", text["used_at"], INSTANT))
    if not 1 <= len(text["key"]) <= KEY_LENGTH or "\x00" in text["key"]:
        wanted = f"1 to {KEY_LENGTH} letters that no other record has"
        problems.append(Problem(row, "key", "is no key", text["key"], wanted))
    if problems or used_at is None:
        return problems
    return UsageRow(row, text["subscription"], text["allowance"], amount, used_at, text["key"])


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.utcoffset() is not None else None
