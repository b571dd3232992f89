"""Where a partner stands at the platform: from its subscriptions there to what its own pages say and let pass. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from partnerpanel.policy.rules.banner import banner
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.sentences import Sentence
from subscriptions.rules.states import Access, HoldKind, Lifecycle

NOT_BEGUN = frozenset({Lifecycle.SCHEDULED, Lifecycle.INCOMPLETE})


class Why(StrEnum):
    """Why a partner is frozen. Paying helps with `nonpayment` alone."""

    NONPAYMENT = "nonpayment"
    HELD = "held"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An open collection case: since when we ask, and the policy that it has pinned."""

    first_on: date
    policy: ResolvedPolicy


@dataclass(frozen=True, slots=True)
class Bought:
    """One subscription of the partner at the platform."""

    lifecycle: Lifecycle
    access: Access
    holds: frozenset[HoldKind]
    unpaid: Unpaid | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """`frozen` says why nothing but the partner's own subscription can be reached; `unpaid` what is being collected."""

    frozen: Why | None = None
    unpaid: Unpaid | None = None

    def sentences(self, today: date) -> list[Sentence]:
        """What the partner's people are told of what is unpaid, in the words of the policy."""
        return [] if self.unpaid is None else banner(self.unpaid.policy, first_on=self.unpaid.first_on, today=today)

    def document(self) -> dict[str, Any]:
        """As JSON; empty where there is nothing to say."""
        found: dict[str, Any] = {} if self.frozen is None else {"frozen": self.frozen.value}
        if self.unpaid is not None:
            found |= {"first_on": self.unpaid.first_on.isoformat(), "policy": self.unpaid.policy.snapshot()}
        return found

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Standing:
        """The inverse of `document`."""
        unpaid = None
        if "first_on" in document:
            policy = ResolvedPolicy.from_snapshot(document["policy"])
            unpaid = Unpaid(date.fromisoformat(document["first_on"]), policy)
        return cls(Why(document["frozen"]) if "frozen" in document else None, unpaid)


def standing_of(bought: Sequence[Bought]) -> Standing:
    """Frozen where something was bought and none of it is open; what has not begun counts for neither."""
    begun = [one for one in bought if one.lifecycle not in NOT_BEGUN]
    unpaid = min((one.unpaid for one in begun if one.unpaid), key=lambda one: one.first_on, default=None)
    if not begun or any(one.access is Access.OPEN for one in begun):
        return Standing(unpaid=unpaid)
    left = [one for one in begun if one.lifecycle is not Lifecycle.ENDED]
    holds = frozenset[HoldKind]().union(*(one.holds for one in left))
    if holds - {HoldKind.NONPAYMENT}:
        return Standing(Why.HELD, unpaid)
    if holds:
        return Standing(Why.NONPAYMENT, unpaid)
    return Standing(Why.PAUSED if left else Why.ENDED, unpaid)
