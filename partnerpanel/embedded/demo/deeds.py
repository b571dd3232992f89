"""Holds that colleagues at their desks placed and released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from partnerpanel.embedded.demo.cases import Case
from partnerpanel.embedded.demo.days import Days
from partnerpanel.embedded.demo.shapes import CustomerDraft, Deed
from partnerpanel.tenancy.models import Role
from subscriptions.rules.states import HoldKind

KINDS = (HoldKind.MANUAL, HoldKind.ABUSE, HoldKind.FRAUD_REVIEW)
REASONS = {
    HoldKind.MANUAL: (
        "You asked us to switch it off until the new owner has taken over.",
        "The address we have for you is no longer valid. Please send us the new one.",
        "The contract is in dispute; your lawyer and ours are talking.",
    ),
    HoldKind.ABUSE: (
        "More than 4,000 unwanted mails were sent from your account within an hour.",
        "The login was used from eleven places at once. Please choose a new password.",
        "We received a complaint about content that our terms do not allow.",
    ),
    HoldKind.FRAUD_REVIEW: (
        "We have to check the payment before we go on; this takes one working day.",
        "Three accounts were opened with the same card within ten minutes.",
    ),
}
RELEASES = {
    HoldKind.MANUAL: "Cleared up on the telephone.",
    HoldKind.ABUSE: "Password changed, the script is gone.",
    HoldKind.FRAUD_REVIEW: "Identity checked by video call.",
}


def deeds_of(customers: Sequence[CustomerDraft], days: Days, *, seed: str) -> list[Deed]:
    """All of them, the earliest first."""
    dice = Random(f"{seed} deeds")  # noqa: S311 - it has to be the same every time
    found: list[Deed] = []
    for number, customer in enumerate(customers):
        found += _deeds(customer, number, days, dice)
    return sorted(found, key=lambda deed: deed.at)


def _deeds(customer: CustomerDraft, number: int, days: Days, dice: Random) -> Iterator[Deed]:
    kind, email = KINDS[number % len(KINDS)], customer.profile.email
    hour, minute = dice.randint(8, 17), dice.randint(0, 59)
    if customer.case in (Case.HELD, Case.HELD_WIDE):
        at = days.at(dice.randint(1, 45), hour, minute)
        role = dice.choice((Role.SUPPORT, Role.ADMIN))
        yield Deed(at, email, kind, dice.choice(REASONS[kind]), role, customer.case is Case.HELD_WIDE)
    elif customer.case is Case.RELEASED:
        placed, is_wide = dice.randint(20, 300), dice.random() < 0.5
        reason = dice.choice(REASONS[kind])
        yield Deed(days.at(placed, hour, minute), email, kind, reason, Role.SUPPORT, is_wide)
        released_at = days.at(placed - dice.randint(1, 12), dice.randint(9, 17), dice.randint(0, 59))
        role = dice.choice((Role.ADMIN, Role.OWNER))
        yield Deed(released_at, email, kind, RELEASES[kind], role, is_wide, is_release=True)
