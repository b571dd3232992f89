"""What becomes of a subscription when its customer is banned: a cancellation, by the rules that cancellations have."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from billing.rules.changes.cancelling import CancelReason, CancelWhen, CancelWish, plan_cancellation, runs
from billing.rules.changes.outcome import ChangeCaution, ChangeIds, Planned
from billing.rules.changes.refusals import CannotChange
from billing.rules.changes.voiding import ended_given_up
from billing.rules.facts import BillingFacts, ChangeFacts
from billing.rules.plan import BillingPlan
from subscriptions.rules.states import SERVED, Lifecycle

BANNED = "banned"


class OpenInvoices(StrEnum):
    """What is owed when somebody is banned stays in the books, as uncollectible and payable later, or is void."""

    KEEP = "keep"
    VOID = "void"


def plan_banned(facts: ChangeFacts, *, invoices: OpenInvoices, ids: ChangeIds, now: datetime) -> Planned | None:
    """It ends with what is paid, and where nothing is, at once; what was to change does not. None where it ends so
    already. What has not begun is not owed in any case.

    Its events say that they belong to a ban. Raises CannotChange while a charge is under way.
    """
    billing = facts.billing
    if billing.lifecycle is Lifecycle.ENDED or (billing.cancel_at_period_end and runs(billing, now)):
        return None
    if invoices is OpenInvoices.KEEP and billing.invoice is not None and billing.lifecycle in SERVED:
        _refuse_charging(billing)
        plan = ended_given_up(billing, billing.invoice, why=BANNED, now=now)
        return Planned(_marked(plan), facts.deal, cautions=(ChangeCaution.ENDS_GIVEN_UP,))
    when = CancelWhen.PERIOD_END if not billing.cancel_at_period_end else CancelWhen.NOW
    planned = plan_cancellation(facts, CancelWish(when, CancelReason.OTHER), ids=ids, now=now)
    return replace(planned, plan=_marked(planned.plan))


def _refuse_charging(facts: BillingFacts) -> None:
    if facts.is_charging:
        raise CannotChange("being_charged", "A charge is being checked. Try again when its outcome is known.")


def _marked(plan: BillingPlan) -> BillingPlan:
    """The ban tells of all of it, and lifting it is what takes it back: no event is told or undone by itself."""
    return replace(plan, events=tuple(replace(one, data={**one.data, BANNED: True}) for one in plan.events))
