"""The end of a subscription, now or with its period; and the wish to stay after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.rules.changes.dates import term_of
from billing.rules.changes.dropping import own_events, plan_dropped
from billing.rules.changes.lines import document_of, unused_lines
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange, refuse_unserved
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.own_events import own_event, with_note
from billing.rules.plan import BillingPlan
from billing.rules.steps import plan_end
from subscriptions.rules.states import SERVED, Lifecycle

CANCELLED = "cancelled"


class CancelWhen(StrEnum):
    NOW = "now"
    PERIOD_END = "period_end"


class CancelReason(StrEnum):
    """Why somebody leaves, as it comes; a partner has reasons of its own beside these."""

    TOO_EXPENSIVE = "too_expensive"
    MISSING_FEATURES = "missing_features"
    SWITCHED_SERVICE = "switched_service"
    UNUSED = "unused"
    CUSTOMER_SERVICE = "customer_service"
    LOW_QUALITY = "low_quality"
    TOO_COMPLEX = "too_complex"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CancelWish:
    """When, and why in a word and in words. `credit_unused` gives the unused days to the balance when it ends now."""

    when: CancelWhen
    reason: str
    note: str = ""
    credit_unused: bool = False


def plan_cancellation(facts: ChangeFacts, wish: CancelWish, *, ids: ChangeIds, now: datetime) -> Planned:
    """The cancellation as asked for. Where no paid period runs, the end of the period means at once.

    What was to change does not, and what is unpaid is not owed any more. Raises CannotChange with the reason.
    """
    billing = facts.billing
    _refuse(billing)
    if wish.when is CancelWhen.PERIOD_END:
        if billing.cancel_at_period_end:
            raise CannotChange("cancelling", "It is cancelled already and ends with its period.")
        if runs(billing, now):
            return _at_period_end(facts, wish)
    return _now(facts, wish, ids, now)


def plan_keep(facts: ChangeFacts) -> Planned:
    """It goes on after all. Raises CannotChange where it was not cancelled."""
    billing = facts.billing
    refuse_unserved(billing)
    if not billing.cancel_at_period_end:
        raise CannotChange("not_cancelling", "It is not cancelled.")
    event = own_event(billing, "subscription.kept", on=term_of(billing).period.ends_on.isoformat())
    return Planned(BillingPlan(billing, events=(event,), values={"cancel_at_period_end": False}), facts.deal)


def runs(facts: BillingFacts, now: datetime) -> bool:
    """Whether days of service are left that nothing is owed for."""
    if facts.lifecycle not in SERVED or facts.term is None or facts.case is not None or facts.invoice is not None:
        return False
    return now < facts.term.ends_at


def _at_period_end(facts: ChangeFacts, wish: CancelWish) -> Planned:
    billing = facts.billing
    dropped = plan_dropped(billing, why=CANCELLED)
    event = own_event(
        billing,
        "subscription.cancelled",
        own_events(dropped) + 1,
        when=CancelWhen.PERIOD_END.value,
        on=term_of(billing).period.ends_on.isoformat(),
        reason=str(wish.reason),
    )
    values: dict[str, object] = {"cancel_at_period_end": True}
    if billing.paused_from is not None and not billing.is_paused:
        # It ends on the day on which it was to pause.
        values |= {"paused_from": None, "paused_until": None}
    plan = BillingPlan(
        billing,
        events=(*dropped.events, with_note(event, wish.note)),
        values=values,
        void=dropped.void,
        changes=dropped.changes,
    )
    cautions = (ChangeCaution.REPLACES_SCHEDULED,) if dropped.changes else ()
    return Planned(plan, facts.deal, at_once=False, cautions=cautions)


def _now(facts: ChangeFacts, wish: CancelWish, ids: ChangeIds, now: datetime) -> Planned:
    billing = facts.billing
    cautions = [ChangeCaution.ENDS_AT_ONCE] if wish.when is CancelWhen.PERIOD_END else []
    if billing.invoice is not None or billing.change_invoice is not None:
        cautions.append(ChangeCaution.VOIDS_OPEN_INVOICE)
    if billing.change is not None:
        cautions.append(ChangeCaution.REPLACES_SCHEDULED)
    lines = unused_lines(facts, billing.today(now)) if runs(billing, now) else []
    if lines and not wish.credit_unused:
        cautions.append(ChangeCaution.NOTHING_GIVEN_BACK)
        lines = []
    number = billing.term.number if billing.term else 1
    document = document_of(
        facts,
        lines,
        id_=ids.document,
        note_id=ids.note,
        reason=CANCELLED,
        term_number=number,
        on=billing.today(now),
    )
    plan = plan_end(
        billing,
        now=now,
        why=CANCELLED,
        note=wish.note,
        credit_note=document.credit_note,
        when=CancelWhen.NOW.value,
        reason=str(wish.reason),
        was=_standing(billing),
    )
    return Planned(plan, facts.deal, cautions=tuple(cautions))


def _standing(facts: BillingFacts) -> dict[str, object]:
    """What the end does away with, so that it can be put back."""
    pause = [at.isoformat() if at else None for at in (facts.paused_from, facts.paused_until)]
    return {
        "lifecycle": facts.lifecycle.value,
        "cancels": facts.cancel_at_period_end,
        "pause": pause,
        "paused": facts.is_paused,
        "waits": facts.renewal_waits,
    }


def _refuse(facts: BillingFacts) -> None:
    if facts.lifecycle is Lifecycle.ENDED:
        raise CannotChange("already_ended", "This subscription has ended.")
    if facts.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")
