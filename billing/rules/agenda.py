"""The next thing that must happen to a subscription, and when: one pure answer, asked again after every step.

Due work is never "missed": after an outage the first step that should have happened is still the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from billing.rules.addon_ends import next_expiry
from billing.rules.addons import left_behind
from billing.rules.facts import BillingFacts, CaseFacts, TermFacts
from partnerpanel.kernel.clock import start_of_day
from partnerpanel.policy.rules.grace import GraceStarts
from partnerpanel.policy.rules.schedule import deadline_on, reminder_dates, retry_dates
from subscriptions.rules.states import SERVED, Lifecycle

# While charging is stopped or the partner is frozen, what is due is looked at again this often.
LOOK_AGAIN = timedelta(minutes=15)


class Step(StrEnum):
    START = "start"
    REMIND = "remind"
    DROP_CHANGE = "drop_change"
    AWAIT_RELEASE = "await_release"
    PAUSE = "pause"
    RESUME = "resume"
    RENEW = "renew"
    END = "end"
    RETRY = "retry"
    ENTER_GRACE = "enter_grace"
    WARN = "warn"
    DEADLINE = "deadline"
    SHIFT = "shift"
    END_ADDONS = "end_addons"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A step and the instant it is due; `on` is its local day. None as `step` means: nothing until `at`."""

    step: Step | None
    at: datetime | None
    on: date | None = None


NOTHING = Appointment(None, None)


def next_appointment(facts: BillingFacts, *, now: datetime) -> Appointment:
    """What comes next. The step is to be taken when its instant is not after `now`.

    Nothing is due while an attempt is under way (its settlement asks again), before the cut-over, in a pause until
    somebody resumes it, or after the end. Of a frozen partner only what its customers have cancelled goes on.
    """
    if facts.is_charging or facts.awaits_cut_over:
        return NOTHING
    found = _next(facts, now)
    expires = next_expiry(facts)
    if expires is None or facts.lifecycle not in SERVED or (found.at is not None and found.at < expires):
        return found
    return Appointment(Step.END_ADDONS, expires)


def _next(facts: BillingFacts, now: datetime) -> Appointment:
    if facts.lifecycle is Lifecycle.SCHEDULED:
        return _of_start(facts, now)
    if facts.lifecycle is Lifecycle.INCOMPLETE:
        return _of_case(facts, facts.case, now) if facts.case else NOTHING
    if facts.lifecycle not in SERVED or facts.term is None:
        return NOTHING
    if facts.partner_frozen and not facts.cancel_at_period_end:
        return Appointment(None, now + LOOK_AGAIN)
    if facts.is_paused:
        return _of_pause(facts, facts.term)
    if facts.case is not None:
        return _of_case(facts, facts.case, now)
    return _of_term(facts, facts.term, now)


def _of_start(facts: BillingFacts, now: datetime) -> Appointment:
    """On its day; for a customer who is held then, on that of the release."""
    if facts.starts_at is None or now < facts.starts_at:
        return Appointment(Step.START, facts.starts_at)
    if facts.is_held:
        return NOTHING
    return Appointment(None, now + LOOK_AGAIN) if facts.charging_stopped else Appointment(Step.START, facts.starts_at)


def _of_pause(facts: BillingFacts, term: TermFacts) -> Appointment:
    if facts.cancel_at_period_end:
        return Appointment(Step.END, term.ends_at, term.period.ends_on)
    return Appointment(Step.RESUME, facts.paused_until) if facts.paused_until else NOTHING


def _of_term(facts: BillingFacts, term: TermFacts, now: datetime) -> Appointment:
    pauses_at = facts.paused_from if facts.paused_from and facts.paused_from <= term.ends_at else None
    if now < term.ends_at and pauses_at is None:
        reminder = _next_reminder(facts, term, now)
        if reminder is not None:
            return Appointment(Step.REMIND, start_of_day(reminder, facts.zone), reminder)
    if facts.change_invoice is not None and now >= term.ends_at:
        # What was to change within the term was never paid, and the term is over.
        return Appointment(Step.DROP_CHANGE, term.ends_at, term.period.ends_on)
    if pauses_at is not None and not facts.cancel_at_period_end:
        return Appointment(Step.PAUSE, pauses_at)
    step = Step.END if facts.cancel_at_period_end else Step.RENEW
    if step is Step.RENEW and now >= term.ends_at:
        if facts.is_held:
            # Noted once; then nothing is due until the release, which asks again.
            return NOTHING if facts.renewal_waits else Appointment(Step.AWAIT_RELEASE, term.ends_at)
        if facts.charging_stopped:
            return Appointment(None, now + LOOK_AGAIN)
        if left_behind(facts):
            # Before the next term is billed, what it does without is over.
            return Appointment(Step.END_ADDONS, term.ends_at, term.period.ends_on)
    return Appointment(step, term.ends_at, term.period.ends_on)


def _next_reminder(facts: BillingFacts, term: TermFacts, now: datetime) -> date | None:
    """The first reminder not sent yet. Of several that an outage left behind only the newest is sent."""
    if facts.cancel_at_period_end:
        return None
    period = term.period
    dates = reminder_dates(facts.policy, starts_on=period.starts_on, ends_on=period.ends_on, interval=facts.interval)
    left = [on for on in dates.value if facts.reminded_on is None or on > facts.reminded_on]
    passed = [on for on in left if on <= facts.today(now)]
    return passed[-1] if passed else min(left, default=None)


def _of_case(facts: BillingFacts, case: CaseFacts, now: datetime) -> Appointment:
    if facts.cancel_at_period_end:
        return Appointment(Step.END, now, facts.today(now))  # the paid period is over
    if case.over:
        return NOTHING  # only a payment helps now
    if facts.is_held:
        return NOTHING  # who is blocked is not charged; the release asks again, and the calendar moves
    if facts.charging_stopped:
        return Appointment(None, now + LOOK_AGAIN)
    deadline = deadline_on(case.policy, first_on=case.first_on).value
    steps: list[tuple[date, Step]] = [(deadline, Step.DEADLINE)]
    retry = next_retry_on(facts, case)
    if retry is not None:
        steps.append((retry, Step.RETRY))
    at_once = case.policy.policy.grace.starts is GraceStarts.FIRST_FAILURE
    # Before the first payment there is no service that grace could leave or a suspension take.
    served = facts.lifecycle in SERVED
    if served and not case.in_grace and (retry is None or at_once):
        steps.append((max(facts.today(now), case.first_on), Step.ENTER_GRACE))
    if served and not case.warned and deadline - timedelta(days=1) > case.first_on:
        steps.append((deadline - timedelta(days=1), Step.WARN))
    # At the same day a retry comes before a warning, and both before the deadline.
    order = list(Step)
    on, step = min(steps, key=lambda one: (one[0], order.index(one[1])))
    if on < facts.today(now):
        # We could not ask when it was time: those days count against nobody, the whole calendar of the case moves.
        return Appointment(Step.SHIFT, now, on)
    return Appointment(step, start_of_day(on, facts.zone), on)


def next_retry_on(facts: BillingFacts, case: CaseFacts) -> date | None:
    """The day of the next automatic charge; None when they are used up, pointless, or there is no card."""
    if case.is_hard or not facts.auto_renew or facts.method is None or case.last_attempt_on is None:
        return None
    deadline = deadline_on(case.policy, first_on=case.first_on).value
    dates = retry_dates(case.policy, first_on=case.first_on, deadline_on=deadline).value
    done = max(case.attempts - 1, 0)  # the first charge was no retry
    # A charge that somebody asked for stands for the retries of the days before it and of its own.
    return next((day for day in dates[done:] if day > case.last_attempt_on), None)
