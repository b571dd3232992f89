"""A subscription's story, told by dates: what is done on a day, and how things stand on it.

The clock is a twin's: `on` moves it to the first instant of a local day, and everything due until then has happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from billing.documents.states import PaymentSource
from billing.gateway.port import ChargeRequest
from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.models import Balance, CreditNote, Invoice, Payment, PaymentAttempt
from billing.rules.changes.billing_date import BillingDateWish, plan_billing_date
from billing.rules.changes.cancelling import CancelReason, CancelWhen, CancelWish, plan_cancellation, plan_keep
from billing.rules.changes.extension import ExtensionWish, OutsidePayment, plan_extension
from billing.rules.changes.pausing import PauseWhen, PauseWish, plan_pausing, plan_resumption
from billing.rules.changes.skipping import SkipWish, plan_skip
from billing.services.changing import Rule, change
from billing.services.new_card import replace_card
from billing.services.pay import record_payment
from notifications.models import Message
from partnerpanel.actions import door
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.kernel.ids import uuid7
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.queues.advance import advance
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import ServiceAccount, Subscription, Term
from subscriptions.provisioning.accounts import password_of
from subscriptions.provisioning.internal import allowed_to, may_log_in
from subscriptions.queries.facts import load_facts
from subscriptions.rules.states import HoldKind, Lifecycle
from subscriptions.rules.suspension import plan_reactivation, plan_suspension
from subscriptions.services import access
from tests.scenarios.promises import keeps_its_promises
from tests.world import World

# What a card does, in the words of a story.
CARDS = {
    "ok": "sandbox_ok",
    "declines": "sandbox_soft_decline",
    "declines later": "sandbox_declines_on_renewal",
    "closed": "sandbox_hard_decline",
    "answer lost": "sandbox_answer_lost",
    "asks to confirm": "sandbox_authentication",
}
RHYTHMS = {
    "daily": Interval(Unit.DAY),
    "weekly": Interval(Unit.WEEK),
    "30-day": Interval(Unit.DAY, 30),
    "monthly": Interval(Unit.MONTH),
    "yearly": Interval(Unit.YEAR),
}


@dataclass
class Story:
    """One customer with one subscription on the twin; every method returns the story, so that a day is a sentence."""

    twin: Partner
    zone: str = "Europe/Berlin"
    now: datetime = field(init=False)
    customer: UUID = field(init=False)
    subscription: UUID = field(init=False)

    def __post_init__(self) -> None:
        if self.twin.test_clock_at is None:
            raise ValueError("a story needs a clock that can be moved")
        self.now = self.twin.test_clock_at
        self.world = World(self.twin, now=self.now)

    @property
    def today(self) -> date:
        return local_date(self.now, self.zone)

    # What passes.

    def on(self, day: str, *, hours: int = 0) -> Self:
        """Until the first instant of the local day, or so many hours after it, all that was due has happened."""
        self.now = start_of_day(date.fromisoformat(day), self.zone) + timedelta(hours=hours)
        advance(self.twin.pk, to=self.now)
        self.world.now = self.now
        return self

    def outage(self, first: str, last: str) -> Self:
        """Nothing runs from the beginning of one day to that of another; then everything is caught up."""
        self.on(first)
        self.now = start_of_day(date.fromisoformat(last), self.zone)
        Partner.objects.filter(pk=self.twin.pk).update(test_clock_at=self.now)
        self._settle()
        return self

    def catches_up(self) -> Self:
        """What is due now happens now."""
        self._settle()
        return self

    # What is done.

    def policy(self, preset: str = "standard", **keys: Any) -> Self:
        """The partner's policy from now on; `grace__days=10` is the key `grace.days`."""
        document = {name.replace("__", "."): value for name, value in keys.items()}
        with tenant(self.twin.pk):
            set_policy(
                scope_kind=ScopeKind.PARTNER,
                scope_id=self.twin.pk,
                preset=preset,
                document=document,
                actor=self.world.system,
                now=self.now,
            )
        return self

    def starts(self, plan: str = "monthly 30.00 EUR", *, card: str = "ok", trial_until: str = "", **other: Any) -> Self:
        """Buys; the first period, or the trial, begins today. `card` is a key of CARDS; empty is none."""
        rhythm, price, currency = plan.split()
        amount = Money.parse(price, currency)
        self.customer = self.world.customer(timezone=self.zone)
        if card:
            self._add_card(card)
        if card == "declines later":
            self._use_up_the_first_charge(amount)
        if trial_until:
            ends_at = start_of_day(date.fromisoformat(trial_until), self.zone)
            other |= {"lifecycle": Lifecycle.TRIALING, "trial_ends_at": ends_at}
        self.subscription = self.world.subscription(
            customer=self.customer,
            plan_id=self.world.plan(interval=RHYTHMS[rhythm]),
            started_at=self.now,
            currency=currency,
            price=amount,
            timezone=self.zone,
            **other,
        )
        self._settle()
        return self

    def subscribes(
        self, plan: str = "monthly 30.00 EUR", *, card: str = "ok", starts_on: str = "", **other: Any
    ) -> Self:
        """Buys through the verb: `trial_days`, `anchor_day`, `auto_renew` and `first_payment` are its own."""
        rhythm, price, currency = plan.split()
        self.customer = self.world.customer(timezone=self.zone)
        if card:
            self._add_card(card)
        verb = Subscribe(
            (Target(self.customer),),
            self.world.plan(price=price, interval=RHYTHMS[rhythm]),
            currency,
            starts_on=date.fromisoformat(starts_on) if starts_on else None,
            **other,
        )
        quote = door.preview(verb, actor=self.world.system, now=self.now)
        outcome = door.commit(verb, quote=quote.token, actor=self.world.system, now=self.now)
        [made] = outcome.quote.money
        self.subscription = made.subscription_id
        self._settle()
        return self

    def pays(
        self,
        amount: str = "",
        *,
        source: PaymentSource = PaymentSource.BANK,
        received_on: str = "",
        note: str = "as the bank says",
    ) -> Self:
        """Money comes outside the gateway: what is owed, unless told otherwise."""
        money = Money.parse(*amount.split()) if amount else self.row().price
        record_payment(
            self.subscription,
            amount=money,
            source=source,
            received_on=date.fromisoformat(received_on) if received_on else self.today,
            note=note,
            again=True,
            actor=self.world.system,
            now=self.now,
        )
        self._settle()
        return self

    def replaces_card(self, card: str) -> Self:
        """A new card; what is owed is charged to it at once."""
        replace_card(self.customer, gateway="sandbox", ref=CARDS[card], actor=self.world.system, now=self.now)
        self._settle()
        return self

    def replaces_card_quietly(self, card: str) -> Self:
        """A new card that the next automatic charge will find."""
        self._add_card(card)
        self._settle()
        return self

    def suspends(self, kind: HoldKind = HoldKind.MANUAL) -> Self:
        """A person puts a hold on the subscription."""
        with tenant(self.twin.pk):
            facts = load_facts(self.twin.pk, [self.customer], now=self.now, lock=True)[self.customer]
            plan = plan_suspension(facts, subscription_id=self.subscription, kind=kind, reason="as agreed")
            access.apply([plan], actor=self.world.system, action_id=uuid7(), now=self.now)
        self._settle()
        return self

    def releases(self, kind: HoldKind = HoldKind.MANUAL) -> Self:
        """A person releases the hold of this kind."""
        with tenant(self.twin.pk):
            facts = load_facts(self.twin.pk, [self.customer], now=self.now, lock=True)[self.customer]
            plan = plan_reactivation(facts, subscription_id=self.subscription, kinds=frozenset({kind}), reason="")
            access.apply([plan], actor=self.world.system, action_id=uuid7(), now=self.now)
        self._settle()
        return self

    def extends(self, *, months: int = 0, days: int = 0, paid: str = "", note: str = "as agreed") -> Self:
        """A person gives more time, or sells it for money that came outside the gateway today."""
        money = OutsidePayment(Money.parse(*paid.split()), PaymentSource.BANK, self.today) if paid else None
        wish = ExtensionWish(note, months, days, money)
        return self.does(lambda facts, ids: plan_extension(facts, wish, ids=ids, now=self.now))

    def cancels(self, when: str = "period_end", *, credit_unused: bool = False) -> Self:
        """The customer leaves, now or with the period."""
        wish = CancelWish(CancelWhen(when), CancelReason.UNUSED, "they move abroad", credit_unused)
        return self.does(lambda facts, ids: plan_cancellation(facts, wish, ids=ids, now=self.now))

    def keeps(self) -> Self:
        """The customer stays after all."""
        return self.does(lambda facts, _: plan_keep(facts))

    def pauses(self, when: str = "period_end", *, until: str = "") -> Self:
        """Paused with the period's end, or now."""
        wish = PauseWish(PauseWhen(when), date.fromisoformat(until) if until else None)
        return self.does(lambda facts, ids: plan_pausing(facts, wish, ids=ids, now=self.now))

    def resumes(self) -> Self:
        """A person ends the pause, or withdraws one that has not begun."""
        return self.does(lambda facts, _: plan_resumption(facts, now=self.now))

    def skips(self) -> Self:
        """The next renewal is left out."""
        return self.does(lambda facts, _: plan_skip(facts, SkipWish("as a thank-you"), now=self.now))

    def is_billed_on(self, day: str) -> Self:
        """The next billing moves to that day."""
        wish = BillingDateWish(date.fromisoformat(day))
        return self.does(lambda facts, ids: plan_billing_date(facts, wish, ids=ids, now=self.now))

    def does(self, rule: Rule) -> Self:
        """What a rule plans is written, and what is due then happens."""
        with tenant(self.twin.pk):
            change(self.subscription, rule, actor=self.world.system, now=self.now)
        self._settle()
        return self

    def wishes(self, **columns: Any) -> Self:
        """A wish for later: `cancel_at_period_end`, `auto_renew`."""
        with tenant(self.twin.pk):
            rows = Subscription.objects.for_partner(self.twin.pk).filter(pk=self.subscription)
            rows.update(due_at=self.now, **columns)
        self._settle()
        return self

    # How things stand.

    def expects(self, **wanted: Any) -> Self:
        """Compares only what is named; keys as in `stands`."""
        found = self.stands()
        assert {key: found[key] for key in wanted} == wanted, self.today
        return self

    def stands(self) -> Mapping[str, Any]:
        """`mails` and `charged` are of this local day; `next` is the day of the next step; `until` ends the period.

        `service` is what the service itself lets the login do: `full`, `limited` or `off`; `none` before
        there is one.
        """
        keeps_its_promises(self.twin.pk, self.now)
        row = self.row()
        with tenant(self.twin.pk):
            terms = Term.objects.for_partner(self.twin.pk).filter(subscription=self.subscription).order_by("number")
            periods = [(term.starts_on.isoformat(), term.ends_on.isoformat()) for term in terms]
            granted = sum(term.granted_days for term in terms)
            invoices = list(Invoice.objects.for_partner(self.twin.pk).order_by("number"))
            attempts = PaymentAttempt.objects.for_partner(self.twin.pk).count()
            notes = [str(note.total) for note in CreditNote.objects.for_partner(self.twin.pk).order_by("number")]
            balances = Balance.objects.for_partner(self.twin.pk).filter(customer=self.customer)
            balance = str(Money(sum(one.amount for one in balances), row.currency))
        return {
            "lifecycle": row.lifecycle,
            "collection": row.collection,
            "access": row.access,
            "service": self._service(),
            "mails": self._mails(),
            "charged": self._charged(row.currency),
            "next": local_date(row.due_at, self.zone).isoformat() if row.due_at else None,
            "until": periods[-1][1] if periods else None,
            "periods": periods,
            "granted": granted,
            "invoices": [invoice.status for invoice in invoices],
            "attempts": attempts,
            "credit_notes": notes,
            "balance": balance,
            "holds": sorted(kind for kind, _, _ in self.world.open_holds(self.customer) if kind != "provisioning"),
        }

    def row(self) -> Subscription:
        return self.world.read_subscription(self.subscription)

    def _mails(self) -> list[str]:
        with tenant(self.twin.pk):
            rows = Message.objects.for_partner(self.twin.pk).filter(customer=self.customer).order_by("queued_at", "id")
            found = [row.kind for row in rows if local_date(row.queued_at, self.zone) == self.today]
        return [kind.removeprefix("subscription_") for kind in found]

    def _service(self) -> str:
        with tenant(self.twin.pk):
            account = ServiceAccount.objects.for_partner(self.twin.pk).filter(subscription=self.subscription).first()
            if account is None:
                return "none"
            # One that was erased has neither name nor password left.
            if not account.username or not may_log_in(self.twin.pk, account.username, password_of(account)):
                return "off"
            allowed = allowed_to(self.twin.pk, account.username)
            return "limited" if allowed and allowed.is_limited else "full"

    def _charged(self, currency: str) -> str | None:
        with tenant(self.twin.pk):
            rows = Payment.objects.for_partner(self.twin.pk).filter(customer=self.customer)
            today = [row.money for row in rows if local_date(row.recorded_at, self.zone) == self.today]
        return str(Money.sum(today, currency)) if today else None

    def _add_card(self, card: str) -> None:
        ref = CARDS[card]
        facts = gateway_named("sandbox").describe_method(self.twin.pk, ref)
        with tenant(self.twin.pk):
            add_method(self.customer, gateway="sandbox", ref=ref, facts=facts, actor=self.world.system, now=self.now)

    def _use_up_the_first_charge(self, amount: Money) -> None:
        """That card lets its first charge through; it was the purchase."""
        bought = ChargeRequest("purchase", amount, CARDS["declines later"], str(self.customer))
        gateway_named("sandbox").charge_many(self.twin.pk, [bought])

    def _settle(self) -> None:
        advance(self.twin.pk, to=self.now)
        self.world.now = self.now
