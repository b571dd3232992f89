"""Why a change cannot be made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from billing.rules.facts import BillingFacts
from partnerpanel.kernel.errors import Conflict
from subscriptions.rules.states import SERVED, Lifecycle


class CannotChange(Conflict):
    """The state of the subscription does not allow it; `reason` says which, the message what to do."""

    code = "cannot_change"

    def __init__(self, reason: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message, field=field, reason=reason)
        self.reason = reason


def refuse_unserved(facts: BillingFacts) -> None:
    """Raises CannotChange for a subscription that has ended, has not begun, or of which a charge is under way."""
    if facts.lifecycle is Lifecycle.ENDED:
        raise CannotChange("already_ended", "This subscription has ended.")
    if facts.lifecycle not in SERVED or facts.term is None:
        raise CannotChange("not_started", "This subscription has not begun to be billed here.")
    if facts.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")


BANNED: Mapping[str, str] = {
    "banned": "This customer is banned: nothing is sold before the ban is lifted.",
    "banned_tax_id": "Another customer with the same tax id is banned: nothing is sold before that ban is lifted.",
    "erased": "This customer’s personal data is erased. Make a new customer to sell to.",
}


def refuse_banned(code: str) -> None:
    """Raises CannotChange for one of BANNED; nothing for an empty code."""
    if code:
        raise CannotChange(code, BANNED[code])


def refuse_unsettled(facts: BillingFacts) -> None:
    """Raises CannotChange while something is owed or paused: what needs a running, paid period."""
    if facts.invoice is not None or facts.case is not None:
        raise CannotChange("unpaid", "Something is owed for it. Take the payment first, or extend it.")
    refuse_paused(facts)


def refuse_paused(facts: BillingFacts) -> None:
    """Raises CannotChange while nothing is billed here: in a pause, or before the cut-over."""
    if facts.awaits_cut_over:
        raise CannotChange("awaits_cut_over", "It is billed here from the cut-over on. Move in first.")
    if facts.is_paused:
        raise CannotChange("paused", "It is paused. Resume it first.")


def refuse_renewal_due(facts: BillingFacts, now: datetime) -> None:
    """Raises CannotChange in the moments between the end of a term and its renewal."""
    refuse_paused(facts)
    if facts.term is not None and facts.case is None and facts.invoice is None and now >= facts.term.ends_at:
        if facts.is_held:
            raise CannotChange("renewal_waits", "Its period is over and its renewal waits. Reactivate it first.")
        raise CannotChange("renewal_due", "Its renewal is just being billed. Try again in a moment.")
