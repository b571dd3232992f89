"""Whatever is asked of whatever subscription, in whatever order: the quote says what then stands, to the cent.

Every action is previewed, confirmed and compared; then every promise about money is checked. RANDOM_STORIES sets how
many partners live such a life: 70 are 2,800 steps, of which a thousand change something. A failure names its dice and
all that had happened.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from billing.charging.states import OPEN, AttemptStatus
from billing.documents.states import InvoiceKind, PaymentSource
from billing.models import Invoice, Payment, PaymentAttempt
from partnerpanel.actions import door, payments
from partnerpanel.actions.door import Outcome, Refused
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import Collection
from tests.actions.carry_out import everything
from tests.actions.kept_word import books_of, keeps_word, stands_ahead
from tests.actions.random_shop import CARDS, RandomShop
from tests.actions.random_verbs import random_verb
from tests.actions.selling import books_balance
from tests.scenarios.promises import keeps_its_promises

STORIES = int(os.environ.get("RANDOM_STORIES", "4"))
ACTIONS = 40

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("seed", range(STORIES))
def test_what_a_quote_says_is_what_happens(seed: int) -> None:
    life = Life(RandomShop(random.Random(seed)))
    with life.told(seed):
        life.shop.settles()
        for _ in range(ACTIONS):
            life.lives_on()
            keeps_its_promises(life.partner, life.shop.now)
        books_balance(life.shop.world)


@dataclass(frozen=True)
class Word:
    """What a quote said of the next invoice, and when."""

    on: date
    due: Money
    term: int
    at: datetime


@dataclass
class Life:
    """What happened to a shop, and what was said about what comes next."""

    shop: RandomShop
    trail: list[str] = field(default_factory=list)
    done: list[Outcome] = field(default_factory=list)
    said: dict[UUID, Word] = field(default_factory=dict)

    @property
    def partner(self) -> UUID:
        return self.shop.world.id

    @contextmanager
    def told(self, seed: int) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            error.add_note("\n".join([f"dice {seed}:", *self.trail]))
            raise

    def lives_on(self) -> None:
        """One more thing happens."""
        subscription = self.shop.dice.choice(self.shop.subscriptions)
        steps = [self._asks, self._pays, self._is_charged, self._changes_card, self._undoes, self._waits]
        [step] = self.shop.dice.choices(steps, [58, 5, 4, 4, 4, 25])
        step(subscription)

    def _waits(self, _: UUID) -> None:
        dice = self.shop.dice
        time = timedelta(hours=dice.choice([1, 9, *(dice.randint(20, 400) for _ in range(4))]))
        self._notes(f"waits {time}")
        if dice.random() < 0.15:
            self.said.clear()
            self.shop.is_cut_off(time)
            return
        self.shop.passes(time)
        self._was_true()

    def _asks(self, _: UUID) -> None:
        """Of a few wishes the first that is not refused, and rarely one that is."""
        shop = self.shop
        for _wish in range(shop.dice.randint(1, 6)):
            subscription = shop.dice.choice(shop.subscriptions)
            verb = random_verb(shop, subscription)
            quote = door.preview(verb, actor=shop.actor, now=shop.now)
            if not quote.is_refused:
                break
        self._carries_out(verb, quote, subscription)

    def _undoes(self, subscription: UUID) -> None:
        if not self.done:
            return
        try:
            with tenant(self.partner):
                verb = Undo.of(self.shop.dice.choice(self.done[-4:]).action_id, partner_id=self.partner)
        except NotFound:
            return
        quote = door.preview(verb, actor=self.shop.actor, now=self.shop.now)
        self._carries_out(verb, quote, verb.targets[0].subscription_id or subscription)

    def _carries_out(self, verb: Verb, quote: Quote, subscription: UUID) -> None:
        shop = self.shop
        self._notes(f"{verb.name} {verb.inputs()}", subscription)
        before = books_of(self.partner, subscription)
        if quote.is_refused:
            self.trail.append(f"    refused: {quote.refusals[0].code}")
            unchanged = everything(shop.world)
            with pytest.raises(Refused):
                door.commit(verb, quote=quote.token, actor=shop.actor, now=shop.now)
            assert everything(shop.world) == unchanged
            return
        outcome = door.commit(verb, quote=quote.token, actor=shop.actor, now=shop.now)
        self.done.append(outcome)
        self._forgets(subscription)
        if quote.money:
            [quoted] = quote.money
            status = self._status(quoted, outcome.charges.get(subscription))
            self.trail.append(f"    {status or 'done'}: {dict(quote.facts)}")
            keeps_word(quoted, before, status, partner_id=self.partner)
            if status in (None, AttemptStatus.SUCCEEDED) and not self._awaits(quoted, status):
                stands_ahead(quoted, partner_id=self.partner, now=shop.now)
                self._remembers(quoted)
        shop.settles()

    def _awaits(self, quoted: MoneyPlan, status: AttemptStatus | None) -> bool:
        assert quoted.planned is not None
        return status is None and bool(quoted.planned.due_now) and quoted.planned.plan.payment is None

    def _status(self, quoted: MoneyPlan, status: AttemptStatus | None) -> AttemptStatus | None:
        """An answer that was lost is looked up within minutes; until then nothing else is done."""
        looks = 0
        while status in OPEN:
            looks += 1
            assert looks < 30, "a charge stays in doubt"
            self.shop.passes(timedelta(seconds=30))
            with tenant(self.partner):
                attempts = PaymentAttempt.objects.for_partner(self.partner)
                newest = attempts.filter(subscription=quoted.subscription_id).order_by("pk").last()
            status = AttemptStatus(newest.status) if newest else None
        return status

    def _pays(self, subscription: UUID) -> None:
        shop = self.shop
        self._notes("a payment is recorded", subscription)
        more = shop.dice.choice([0, 0, shop.dice.randint(1, 9_000)])
        try:
            shown = payments.preview_payment(
                subscription, permission=Permission.RECORD_PAYMENT, actor=shop.actor, now=shop.now
            ).payment
            before = books_of(self.partner, subscription)
            payments.record_payment(
                subscription,
                amount=Money(shown.due.amount + more, shown.due.currency),
                source=PaymentSource.BANK,
                received_on=local_date(shop.now, shop.twin.timezone),
                note="as the bank says",
                term_number=shown.term_number,
                actor=shop.actor,
                now=shop.now,
            )
        except DomainError as refused:
            self.trail.append(f"    refused: {refused.code}")
            return
        self._forgets(subscription)
        after = books_of(self.partner, subscription)
        paid = self._newest_payment(subscription)
        assert (paid.amount, _asked(paid.invoice)) == (shown.due.amount + more, shown.due)
        assert after.charged == before.charged
        if paid.invoice.kind == InvoiceKind.RENEWAL:
            assert after.terms[-1] == (shown.term_number, shown.after)
            taken = paid.invoice.credit_amount if paid.invoice_id not in before.invoices else 0
            assert after.balance - before.balance == more - taken
        shop.settles()

    def _is_charged(self, subscription: UUID) -> None:
        shop = self.shop
        self._notes("is charged now", subscription)
        try:
            shown = payments.preview_payment(
                subscription, permission=Permission.CHARGE, actor=shop.actor, now=shop.now
            ).payment
            before = books_of(self.partner, subscription)
            attempt = payments.charge_now(subscription, term_number=shown.term_number, actor=shop.actor, now=shop.now)
        except DomainError as refused:
            self.trail.append(f"    refused: {refused.code}")
            return
        self._forgets(subscription)
        shop.passes(timedelta(minutes=10))
        with tenant(self.partner):
            row = PaymentAttempt.objects.for_partner(self.partner).get(pk=attempt)
        self.trail.append(f"    {row.status} {row.money}")
        after = books_of(self.partner, subscription)
        assert row.money == shown.due
        if row.status == AttemptStatus.SUCCEEDED:
            assert after.charged - before.charged == shown.due.amount
            if self._newest_payment(subscription).invoice.kind == InvoiceKind.RENEWAL:
                assert (shown.term_number, shown.after) in after.terms
        else:
            assert (after.charged, after.terms) == (before.charged, before.terms)

    def _changes_card(self, subscription: UUID) -> None:
        shop, card = self.shop, self.shop.dice.choice([card for card in CARDS if card])
        customer = shop.customers[subscription]
        self._notes(f"a new card, {card}", subscription)
        shown = payments.preview_card(customer, actor=shop.actor, now=shop.now)
        with tenant(self.partner):
            known = set(PaymentAttempt.objects.for_partner(self.partner).values_list("pk", flat=True))
        payments.replace_card(customer, method=card, actor=shop.actor, now=shop.now)
        self._forgets(subscription)
        with tenant(self.partner):
            made = PaymentAttempt.objects.for_partner(self.partner).exclude(pk__in=known)
            asked = sorted(row.money.amount for row in made)
        charges = [] if shown.stopped else sorted(amount.amount for _, amount in shown.charges)
        assert asked == charges
        shop.settles()

    def _newest_payment(self, subscription: UUID) -> Payment:
        with tenant(self.partner):
            rows = Payment.objects.for_partner(self.partner).filter(invoice__subscription=subscription)
            return rows.select_related("invoice").order_by("recorded_at", "pk").reverse()[0]

    # What was said about the next invoice comes true, unless something else is done before.

    def _remembers(self, quoted: MoneyPlan) -> None:
        shown, customer = quoted.after.next, quoted.customer_id
        alone = list(self.shop.customers.values()).count(customer) == 1
        paid = quoted.after.is_open and quoted.after.collection is Collection.CURRENT
        if alone and paid and shown.without is None and shown.on and shown.amount is not None:
            terms = books_of(self.partner, quoted.subscription_id).terms
            self.said[quoted.subscription_id] = Word(shown.on, shown.amount, terms[-1][0] + 1, self.shop.now)

    def _forgets(self, subscription: UUID) -> None:
        customer = self.shop.customers[subscription]
        for one, its in self.shop.customers.items():
            if its == customer:
                self.said.pop(one, None)

    def _was_true(self) -> None:
        today = local_date(self.shop.now, self.shop.twin.timezone)
        for subscription, word in [(id_, word) for id_, word in self.said.items() if word.on <= today]:
            del self.said[subscription]
            with tenant(self.partner):
                rows = Invoice.objects.for_partner(self.partner).filter(
                    subscription=subscription,
                    kind=InvoiceKind.RENEWAL,
                    term_number=word.term,
                    corrects=None,
                    issued_at__gte=word.at,
                )
                first = rows.order_by("number").first()
            assert first is not None, f"{word} was said of {subscription}, and nothing was billed"
            issued_on = local_date(first.issued_at, self.shop.twin.timezone)
            assert (issued_on, _asked(first)) == (word.on, word.due), f"what was said of {subscription}"

    def _notes(self, what: str, subscription: UUID | None = None) -> None:
        about = f" ({str(subscription)[-6:]})" if subscription else ""
        self.trail.append(f"{self.shop.now:%d %b %H:%M} {what}{about}")


def _asked(invoice: Invoice) -> Money:
    """What was to be paid, whether it is by now or not."""
    return Money(invoice.total_amount - invoice.credit_amount, invoice.currency)
