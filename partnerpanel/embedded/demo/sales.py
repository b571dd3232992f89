"""What was sold to a customer in each situation: plans, prices, dates and states that fit together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from random import Random

from partnerpanel.embedded.demo.cases import Case
from partnerpanel.embedded.demo.days import MONTHLY, Days
from partnerpanel.embedded.demo.shapes import NOBODY, Blueprint, Country, PlanIdea, SubscriptionDraft
from partnerpanel.kernel.money import Money
from subscriptions.rules.start import NewSubscription
from subscriptions.rules.states import Lifecycle

YEARS_BACK = 1_080
# Long ago, customers come on one day in thirty-two, so that the seed has fewer days to write.
STEP, RECENT = 32, 30
# The days of the month on which they came, so that the engine has few days with many renewals.
BILLING_DAYS = (4, 11, 18, 25)
TRIAL_DAYS = 14
# So far back the engine has billed: every monthly subscription at least once.
BILLED_DAYS = 40
# How many days ago the unpaid period ended: retries until the fifth day, grace until the seventh, then suspended;
# with the extended policy the whole customer is frozen after fifteen.
DUE = {
    Case.RETRYING: (1, 4),
    Case.GRACE: (5, 6),
    Case.DELINQUENT: (8, 24),
    Case.FROZEN: (17, 26),
    Case.CLOSED_CARD: (1, 6),
}
# A day of the period before the one that ended unpaid: that one was paid, with a card that is declined since.
A_TERM_BEFORE = 33
RECENTLY_ENDED = 0.3

Drafts = tuple[SubscriptionDraft, ...]


class Sales:
    """Draws from one source of chance, in one order."""

    def __init__(self, blueprint: Blueprint, days: Days, dice: Random) -> None:
        self.blueprint, self.days, self.dice = blueprint, days, dice
        self.sellers: dict[Case, Callable[[Country], Drafts]] = {
            Case.SEVERAL: self._several,
            Case.QUANTITY: lambda c: (self._changed(self._one(c, self._day()), quantity=self.dice.randint(2, 12)),),
            Case.AGREED: self._agreed,
            Case.NEWCOMER: lambda c: (self._one(c, self.dice.randint(0, self.days.today.day - 1)),),
            Case.LEGACY: lambda c: (self._one(c, self._day(at_least=400), plan=self._archived()),),
            Case.TRIALING: self._trialing,
            Case.SCHEDULED: self._scheduled,
            Case.INCOMPLETE: lambda c: (
                self._changed(self._one(c, self.dice.randint(0, 3)), lifecycle=Lifecycle.INCOMPLETE),
            ),
            Case.CANCELLING: lambda c: (self._cancelling(c),),
            Case.BY_HAND: self._by_hand,
            Case.PAUSED: lambda c: self._paused(c, until=self.days.at(-self.dice.randint(10, 60), 0)),
            Case.PAUSED_OPEN: lambda c: self._paused(c, until=None),
            Case.CUT_OVER: self._cut_over,
            Case.ENDED: lambda c: (self._ended(c),),
            Case.RETURNED: lambda c: (self._ended(c), self._one(c, self.dice.randint(2, 30))),
            Case.PARKED: lambda c: (self._one(c, 1),),
            **{case: self._unpaid(case) for case in DUE},
        }

    def of(self, case: Case, country: Country) -> Drafts:
        """The subscriptions of one customer in this situation, first sold first."""
        seller = self.sellers.get(case)
        if seller:
            return seller(country)
        is_held = case in (Case.HELD, Case.HELD_WIDE, Case.RELEASED)
        first = self._one(country, self._day(at_least=330 if is_held else 0))
        return (first, self._one(country, self._day(at_most=320))) if case is Case.HELD_WIDE else (first,)

    def _day(self, *, at_least: int = 0, at_most: int = YEARS_BACK) -> int:
        """A day of the past; the recent ones are likelier, as with a firm that grows."""
        day = at_least + int((at_most - at_least) * self.dice.random() ** 1.5)
        if day < RECENT:
            return day
        day = min(day - day % STEP + STEP, at_most)
        while self.days.on(day).day not in BILLING_DAYS:
            day += 1
        return day

    def _plan(self, country: Country) -> PlanIdea:
        plans = [one for one in self.blueprint.plans if country.currency in one.prices and not one.is_archived]
        return self.dice.choices(plans, [one.weight for one in plans])[0]

    def _archived(self) -> PlanIdea:
        return next(one for one in self.blueprint.plans if one.is_archived)

    def _monthly(self, country: Country) -> PlanIdea:
        while (plan := self._plan(country)).interval != MONTHLY:
            pass
        return plan

    def _one(self, country: Country, days_ago: int, *, plan: PlanIdea | None = None) -> SubscriptionDraft:
        terms = NewSubscription(
            customer_id=NOBODY,
            plan_id=NOBODY,
            currency=country.currency,
            timezone=self.blueprint.timezone,
            started_at=self.days.at(days_ago, 16, self.dice.randint(0, 59)),
            paid_elsewhere=True,
        )
        plan = plan or self._plan(country)
        return SubscriptionDraft(plan.name, days_ago, terms, min(days_ago, BILLED_DAYS))

    def _changed(self, draft: SubscriptionDraft, **changes: object) -> SubscriptionDraft:
        return replace(draft, terms=replace(draft.terms, **changes))  # type: ignore[arg-type]

    def _several(self, country: Country) -> Drafts:
        days = sorted((self._day() for _ in range(self.dice.choice((2, 2, 3)))), reverse=True)
        return tuple(self._one(country, day) for day in days)

    def _agreed(self, country: Country) -> Drafts:
        plan = self._monthly(country)
        price = Money.parse(plan.prices[country.currency], country.currency)
        agreed = price.times(Fraction(self.dice.choice((75, 80, 90)), 100))
        return (self._changed(self._one(country, self._day(), plan=plan), price=agreed),)

    def _trialing(self, country: Country) -> Drafts:
        day = self.dice.randint(0, TRIAL_DAYS - 2)
        ends_at = self.days.at(day - TRIAL_DAYS, 0)
        return (self._changed(self._one(country, day), lifecycle=Lifecycle.TRIALING, trial_ends_at=ends_at),)

    def _scheduled(self, country: Country) -> Drafts:
        draft = self._one(country, self.dice.randint(0, 6))
        starts_at = self.days.at(-self.dice.randint(3, 25), 0)
        return (self._changed(draft, lifecycle=Lifecycle.SCHEDULED, started_at=starts_at),)

    def _paused(self, country: Country, *, until: datetime | None) -> Drafts:
        paused_from = self.days.at(self.dice.randint(2, 25), 0)
        return (self._changed(self._one(country, self._day(at_least=60)), paused_from=paused_from, paused_until=until),)

    def _cut_over(self, country: Country) -> Drafts:
        """Moved in yesterday from another system, where it had been for a while."""
        number = f"OLD-{self.dice.randint(100_000, 999_999)}"
        started_at = self.days.at(self.dice.randint(30, 190), 12)
        draft = self._one(country, 1, plan=self._monthly(country))
        return (self._changed(draft, started_at=started_at, awaits_cut_over=True, external_id=number),)

    def _unpaid(self, case: Case) -> Callable[[Country], Drafts]:
        first, last = DUE[case]

        def sell(country: Country) -> Drafts:
            due = self.dice.randint(first, last)
            # A few common ages, so that many begin on the same day.
            day = self.days.begun(MONTHLY, due=due, at_least=self.dice.choice((2, 6, 13)))
            paid_before = 0 if case is Case.CLOSED_CARD else A_TERM_BEFORE
            draft = self._one(country, day, plan=self._monthly(country))
            return (replace(draft, billed_days_ago=due + max(paid_before, 1)),)

        return sell

    def _cancelling(self, country: Country) -> SubscriptionDraft:
        """Ends with the period that runs today."""
        draft = self._changed(self._one(country, self._day()), cancel_at_period_end=True)
        return replace(draft, billed_days_ago=0)

    def _by_hand(self, country: Country) -> Drafts:
        draft = self._one(country, self._day(at_least=45), plan=self._monthly(country))
        return (self._changed(draft, auto_renew=False),)

    def _ended(self, country: Country) -> SubscriptionDraft:
        """Long ago, or with the period in which the customer cancelled not long ago."""
        draft = self._one(country, self._day(at_least=220), plan=self._monthly(country))
        if self.dice.random() < RECENTLY_ENDED:
            return self._changed(draft, cancel_at_period_end=True)
        ended_at = self.days.at(self.dice.randint(3, 180), 0)
        return self._changed(draft, lifecycle=Lifecycle.ENDED, ended_at=ended_at)
