"""A charge waits for the customer to confirm it at the bank, and a new card comes: one of the two is charged, once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from billing.charging.states import AttemptStatus
from billing.collection.switch import resume_charging, stop_charging
from billing.gateway.cards import EnteredCard
from billing.gateway.port import CANCELLED, MethodFacts
from billing.gateway.sandbox.gateway import complete_authentication
from billing.gateway.stripe.endpoints import make_endpoint
from billing.models import CollectionCase, Invoice, PaymentAttempt, SandboxCharge
from billing.services.entered_card import take_entered_card
from billing.services.new_card import replace_card
from notifications.models import Message
from partnerpanel.actions import payments
from partnerpanel.embedded.stripe.account import Object
from partnerpanel.embedded.stripe.intents import authenticate, cancel
from partnerpanel.embedded.stripe.post import Post
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from tests.actions.selling import Shop
from tests.billing.gateway.stripe_worlds import KEY, double, put
from tests.faults.gateways import SANDBOX, STRIPE, Tried
from tests.faults.renewals import due_renewals
from tests.people import Team
from tests.threads import in_threads
from tests.world import World

__all__ = ["double"]

pytestmark = pytest.mark.django_db(transaction=True)

AT_STRIPE = Tried(**{**STRIPE.__dict__, "pays": STRIPE.asks, "connect": lambda _: None})
AT_SANDBOX = Tried(**{**SANDBOX.__dict__, "pays": SANDBOX.asks})


@dataclass
class Waiting:
    """One renewal that the customer's bank wants confirmed."""

    world: World
    customer: UUID

    @classmethod
    def at(cls, world: World, gateway: Tried) -> Waiting:
        due_renewals(world, gateway, 1)
        world.drain("subscriptions", "charges", "outbox", "mail", now=world.now)
        with tenant(world.id):
            row = PaymentAttempt.objects.for_partner(world.id).get()
        assert row.status == AttemptStatus.ACTION_REQUIRED
        return cls(world, row.customer_id)

    def gets(self, card: str, *, now_in: timedelta = timedelta()) -> int:
        """Another card in the sandbox; how many charges of it are made."""
        return replace_card(
            self.customer, gateway="sandbox", ref=card, actor=self.world.system, now=self.world.now + now_in
        )

    def enters(self, ref: str) -> list[UUID]:
        """Another card at Stripe."""
        facts = MethodFacts("Visa", "4242", 12, 2099)
        return take_entered_card(
            self.world.id, "stripe", EnteredCard(self.customer, None, ref, facts), now=self.world.now
        )

    def drains(self, later: timedelta = timedelta()) -> None:
        self.world.drain("subscriptions", "charges", "outbox", "mail", now=self.world.now + later)

    def attempts(self) -> list[tuple[str, str]]:
        with tenant(self.world.id):
            rows = PaymentAttempt.objects.for_partner(self.world.id).filter(customer=self.customer)
            return list(rows.order_by("made_at", "pk").values_list("purpose", "status"))

    def is_paid_once(self) -> bool:
        """With no case, and no word of a decline to anybody."""
        with tenant(self.world.id):
            invoices = Invoice.objects.for_partner(self.world.id).values_list("status", "paid_amount")
            told = Message.objects.for_partner(self.world.id).values_list("kind", flat=True)
            assert "subscription_payment_failed" not in told
            assert not CollectionCase.objects.for_partner(self.world.id).exists()
            return list(invoices) == [("paid", 3_000)]


@pytest.fixture
def at_stripe(double: Double, world: World) -> Waiting:
    make_endpoint(actor=world.system, now=world.now)
    return Waiting.at(world, AT_STRIPE)


@pytest.fixture
def at_sandbox(world: World) -> Waiting:
    return Waiting.at(world, AT_SANDBOX)


def intents(double: Double) -> list[Object]:
    return list(double.accounts[KEY].of("payment_intent"))


def took_money(double: Double) -> list[Object]:
    return [one for one in double.accounts[KEY].of("charge") if one["status"] == "succeeded"]


def attached(double: Double, card: str = "pm_card_visa") -> str:
    """Another card of the customer at the double."""
    account = double.accounts[KEY]
    [customer] = account.of("customer")
    facts = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2099}
    made = account.make(
        "payment_method", "pm", type="card", card=facts, customer=customer["id"], metadata={}, _card=card
    )
    return str(made["id"])


def test_the_new_card_pays_and_what_waited_is_cancelled_at_stripe(double: Double, at_stripe: Waiting) -> None:
    made = at_stripe.enters(attached(double))
    assert len(made) == 1
    at_stripe.drains()
    assert at_stripe.attempts() == [("renewal", "declined"), ("new_card", "succeeded")]
    assert sorted(one["status"] for one in intents(double)) == ["canceled", "succeeded"]
    assert at_stripe.is_paid_once()


def test_webhooks_of_both_three_times_and_shuffled_change_nothing(double: Double, at_stripe: Waiting) -> None:
    at_stripe.enters(attached(double))
    at_stripe.drains()
    Post(put, times=3, shuffles=True, seed=7).deliver(double.accounts[KEY])
    at_stripe.world.drain("news", "charges", now=system_now())
    assert at_stripe.attempts() == [("renewal", "declined"), ("new_card", "succeeded")]
    assert len(took_money(double)) == 1
    assert at_stripe.is_paid_once()


def test_who_confirms_before_the_new_card_comes_has_paid_with_the_old_one(double: Double, at_stripe: Waiting) -> None:
    authenticate(double.accounts[KEY], intents(double)[0])
    assert at_stripe.enters(attached(double)) == []
    at_stripe.drains()
    assert at_stripe.attempts() == [("renewal", "succeeded")]
    assert len(took_money(double)) == 1
    assert at_stripe.is_paid_once()


@pytest.mark.parametrize("turn", range(5))
def test_who_confirms_at_the_same_instant_pays_once(double: Double, at_stripe: Waiting, turn: int) -> None:
    account, ref = double.accounts[KEY], attached(double)
    waiting = intents(double)[0]

    def confirms() -> None:
        with account.lock:
            authenticate(account, waiting)

    in_threads(confirms, lambda: at_stripe.enters(ref), lambda: at_stripe.drains(timedelta(minutes=20)))
    at_stripe.drains(timedelta(minutes=40))
    assert len(took_money(double)) == 1, f"turn {turn}"
    assert at_stripe.is_paid_once()


def test_where_stripe_is_away_the_card_is_kept_and_charged_when_it_is_back(double: Double, at_stripe: Waiting) -> None:
    ref = attached(double)
    double.is_down = True
    assert at_stripe.enters(ref) == []
    at_stripe.drains()
    assert at_stripe.attempts() == [("renewal", "action_required")]
    double.is_down = False
    at_stripe.drains(timedelta(minutes=20))
    assert at_stripe.attempts() == [("renewal", "declined"), ("new_card", "succeeded")]
    assert len(took_money(double)) == 1
    assert at_stripe.is_paid_once()


def test_a_worker_killed_after_the_cancelling_has_its_news_settled_the_same(
    double: Double, at_stripe: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stripe tells of the cancelling, and whoever hears of it charges the new card."""

    class Killed(BaseException):
        pass

    def dies(*_: object, **__: object) -> None:
        raise Killed

    account = double.accounts[KEY]
    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr("billing.charging.worker.settle", dies)
        at_stripe.enters(attached(double))
    assert [one["status"] for one in intents(double)] == ["canceled"]
    assert at_stripe.attempts() == [("renewal", "action_required")]
    Post(put, times=2).deliver(account)
    at_stripe.world.drain("news", "charges", now=system_now())
    assert at_stripe.attempts() == [("renewal", "declined"), ("new_card", "succeeded")]
    assert len(took_money(double)) == 1
    assert at_stripe.is_paid_once()


def test_what_is_cancelled_in_stripes_dashboard_without_another_card_is_a_decline(
    double: Double, at_stripe: Waiting
) -> None:
    cancel(double.accounts[KEY], intents(double)[0], {"cancellation_reason": "requested_by_customer"})
    at_stripe.drains(timedelta(minutes=20))
    assert at_stripe.attempts() == [("renewal", "declined")]
    with tenant(at_stripe.world.id):
        assert PaymentAttempt.objects.for_partner(at_stripe.world.id).get().decline_code == CANCELLED
        assert CollectionCase.objects.for_partner(at_stripe.world.id).exists()


def test_what_waited_for_a_person_goes_on_with_the_new_card(at_sandbox: Waiting, team: Team) -> None:
    days = timedelta(days=4)
    at_sandbox.drains(days)
    with tenant(at_sandbox.world.id):
        waits = PaymentAttempt.objects.for_partner(at_sandbox.world.id).get()
    assert waits.parked_at is not None
    address = f"/panel/{team.partner.slug}/invoices/{public('inv', waits.invoice_id)}/"
    page = team.owner.client().get(address).content.decode()
    assert "Ask for another card; it pays instead." in page
    assert at_sandbox.gets("sandbox_ok", now_in=days) == 1
    at_sandbox.drains(days)
    assert at_sandbox.attempts() == [("renewal", "declined"), ("new_card", "succeeded")]
    assert at_sandbox.is_paid_once()


def test_the_link_of_the_first_card_takes_nothing_any_more(at_sandbox: Waiting) -> None:
    with tenant(at_sandbox.world.id):
        waited = PaymentAttempt.objects.for_partner(at_sandbox.world.id).get().gateway_id
    at_sandbox.gets("sandbox_ok")
    with pytest.raises(DomainError):
        complete_authentication(at_sandbox.world.id, waited)
    at_sandbox.drains()
    with tenant(at_sandbox.world.id):
        rows = SandboxCharge.objects.for_partner(at_sandbox.world.id).values_list("status", flat=True)
        assert sorted(rows) == ["declined", "succeeded"]
    assert at_sandbox.is_paid_once()


def test_a_second_card_whose_bank_asks_too_waits_in_its_place(double: Double, at_stripe: Waiting) -> None:
    at_stripe.enters(attached(double, STRIPE.asks))
    at_stripe.drains()
    assert at_stripe.attempts() == [("renewal", "declined"), ("new_card", "action_required")]
    assert [one["status"] for one in intents(double)].count("requires_action") == 1


def test_the_same_card_once_more_leaves_its_charge_as_it_is(at_sandbox: Waiting) -> None:
    assert at_sandbox.gets("sandbox_authentication") == 0
    at_sandbox.drains()
    assert at_sandbox.attempts() == [("renewal", "action_required")]


def test_a_new_card_that_is_declined_is_an_ordinary_decline(at_sandbox: Waiting) -> None:
    at_sandbox.gets("sandbox_hard_decline")
    at_sandbox.drains()
    assert at_sandbox.attempts() == [("renewal", "declined"), ("new_card", "declined")]
    with tenant(at_sandbox.world.id):
        told = Message.objects.for_partner(at_sandbox.world.id).values_list("kind", flat=True)
        assert list(told).count("subscription_payment_failed") == 1


def test_while_charging_is_stopped_nothing_moves_and_then_the_new_card_pays(at_sandbox: Waiting) -> None:
    world = at_sandbox.world
    with tenant(world.id):
        stop_charging(reason="a wrong price", actor=world.system, now=world.now)
    assert at_sandbox.gets("sandbox_ok") == 0
    at_sandbox.drains(timedelta(minutes=20))
    assert at_sandbox.attempts() == [("renewal", "action_required")]
    with tenant(world.id):
        resume_charging(actor=world.system, now=world.now)
    at_sandbox.drains(timedelta(minutes=20))
    assert at_sandbox.attempts() == [("renewal", "declined"), ("new_card", "succeeded")]
    assert at_sandbox.is_paid_once()


def test_the_preview_says_what_the_new_card_is_charged(at_sandbox: Waiting, team: Team) -> None:
    shown = payments.preview_card(at_sandbox.customer, actor=team.owner.actor, now=at_sandbox.world.now)
    assert [str(amount.major) for _plan, amount in shown.charges] == ["30.00"]
    assert not shown.being_checked


def test_another_partners_customer_with_a_new_card_cancels_nothing(at_sandbox: Waiting, other_world: World) -> None:
    other = Waiting.at(other_world, AT_SANDBOX)
    other.gets("sandbox_ok")
    other.drains()
    assert other.is_paid_once()
    assert at_sandbox.attempts() == [("renewal", "action_required")]


def test_a_change_that_waits_for_a_confirmation_happens_when_the_new_card_pays(world: World, team: Team) -> None:
    shop = Shop(world, team.owner)
    buyer = shop.buyer("Basic", card="sandbox_authentication")
    buyer.changes("Business")
    assert buyer.plan == "Basic"
    replace_card(buyer.customer, gateway="sandbox", ref="sandbox_ok", actor=world.system, now=shop.now)
    world.drain("charges", "outbox", now=shop.now)
    assert buyer.plan == "Business"
    assert len(buyer.charged) == 1
