"""Each invariant finds what breaks it, by its public id, and forgets it when it is whole again.

What the database refuses the application is planted as the owner of the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.db.models import F

from billing.models import Balance, Invoice, Mismatch, Payment, PaymentAttempt, SandboxCharge
from partnerpanel.actions.checkout.models import Checkout, CheckoutLink
from partnerpanel.events.models import Outbox
from partnerpanel.invariants.look import look
from partnerpanel.invariants.models import Finding, Health
from partnerpanel.invariants.registry import Broken, Pace, invariants
from partnerpanel.invariants.tasks import look_at_partner
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.tenancy.breaches import breaches
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Coupon, Hold, Redemption, Subscription, Term
from subscriptions.rules.coupons import Discount
from subscriptions.rules.states import HoldKind
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.faults.gateways import SANDBOX
from tests.faults.renewals import comes_to_rest, due_renewals
from tests.people import Team
from tests.world import World

LONG_AGO = timedelta(days=2)


@pytest.fixture
def paid(world: World) -> UUID:
    """A subscription whose second term is charged, paid and running."""
    (subscription,) = due_renewals(world, SANDBOX, 1)
    comes_to_rest(world)
    world.drain("outbox", "provisioning", "mail")
    assert found(world) == {}
    return subscription


def found(world: World) -> dict[str, list[Broken]]:
    return {name: list(rows) for name, rows in look(world.id, invariants()).items()}


def overdue(world: World, subscription: UUID) -> str:
    Subscription.objects.filter(pk=subscription).update(due_at=world.now - LONG_AGO)
    return public("sub", subscription)


def lease_left(world: World, subscription: UUID) -> str:
    due = {"due_at": world.now, "leased_until": system_now() - LONG_AGO}
    Subscription.objects.filter(pk=subscription).update(**due)
    return public("sub", subscription)


def parked(world: World, subscription: UUID) -> str:
    Subscription.objects.filter(pk=subscription).update(parked_at=world.now)
    return public("sub", subscription)


def unsent(world: World, subscription: UUID) -> str:
    row = Outbox.objects.create(
        partner_id=world.id, event_id=first_event(world), consumer="mail", due_at=world.now + LONG_AGO
    )
    return public("out", row.pk)


def first_event(world: World) -> UUID:
    from partnerpanel.events.models import Event

    row = Event.objects.for_partner(world.id).earliest("pk")
    as_owner("UPDATE events_event SET recorded_at = recorded_at - interval '1 day' WHERE id = %s", row.pk)
    event_id: UUID = row.pk
    return event_id


def order_left(world: World, subscription: UUID) -> str:
    """Whose subscription is served long since, and nobody has said so."""
    bought = Subscription.objects.get(pk=subscription)
    link = CheckoutLink(partner_id=world.id, plan_id=bought.plan_id, key="left", created_at=world.now)
    link.save(force_insert=True)
    order = Checkout(
        partner_id=world.id,
        link=link,
        customer_id=bought.customer_id,
        subscription=bought,
        state="paying",
        currency=bought.currency,
        opened_at=world.now - LONG_AGO,
        ordered_at=world.now - LONG_AGO,
        due_at=world.now + LONG_AGO,
    )
    order.save(force_insert=True)
    return public("chk", order.pk)


def two_attempts(world: World, subscription: UUID) -> str:
    attempt = PaymentAttempt.objects.get(subscription=subscription)
    invoice = attempt.invoice
    invoice.pk, invoice.number, invoice.kind = uuid7(), 999, "change"
    invoice.status, invoice.paid_amount, invoice.paid_at = "open", 0, None
    invoice.save(force_insert=True)
    for one in (attempt.invoice_id, invoice.pk):
        attempt.pk, attempt.invoice_id, attempt.status = uuid7(), one, "unknown"
        attempt.due_at, attempt.settled_at = world.now + LONG_AGO, None
        attempt.save(force_insert=True)
    return public("sub", subscription)


def forgotten(world: World, subscription: UUID) -> str:
    Term.objects.filter(subscription=subscription, number=2).update(ends_at=world.now - LONG_AGO)
    Subscription.objects.filter(pk=subscription).update(due_at=None)
    return public("sub", subscription)


def held_for_nothing(world: World, subscription: UUID) -> str:
    customer = Subscription.objects.get(pk=subscription).customer_id
    Hold.objects.create(
        partner_id=world.id,
        customer_id=customer,
        kind=HoldKind.NONPAYMENT,
        placed_at=world.now,
        placed_action_id=uuid7(),
    )
    return public("cus", customer)


def overlapping(world: World, subscription: UUID) -> str:
    rows = Term.objects.filter(subscription=subscription, number=2)
    rows.update(starts_on=F("starts_on") - timedelta(days=1))
    return public("sub", subscription)


def with_a_gap(world: World, subscription: UUID) -> str:
    rows = Term.objects.filter(subscription=subscription, number=2)
    rows.update(starts_on=F("starts_on") + timedelta(days=1))
    return public("sub", subscription)


def misnumbered(world: World, subscription: UUID) -> str:
    Term.objects.filter(subscription=subscription, number=2).update(number=3)
    return public("sub", subscription)


def balance_off(world: World, subscription: UUID) -> str:
    customer = Subscription.objects.get(pk=subscription).customer_id
    Balance.objects.create(partner_id=world.id, customer_id=customer, currency="EUR", amount=1)
    return public("cus", customer)


def invoice_off(world: World, subscription: UUID) -> str:
    invoice = Invoice.objects.get(subscription=subscription)
    as_owner("DELETE FROM billing_payment WHERE invoice_id = %s", invoice.pk)
    as_owner("DELETE FROM billing_sandboxcharge WHERE partner_id = %s", world.id)
    return public("inv", invoice.pk)


def never_charged(world: World, subscription: UUID) -> str:
    as_owner("DELETE FROM billing_sandboxcharge WHERE partner_id = %s", world.id)
    return public("pay", Payment.objects.get().pk)


def never_booked(world: World, subscription: UUID) -> str:
    charge = SandboxCharge.objects.get()
    charge.pk, charge.key = uuid7(), str(uuid7())
    charge.save(force_insert=True)
    return public("sbx", charge.pk)


def mismatched(world: World, subscription: UUID) -> str:
    row = Mismatch.objects.create(
        partner_id=world.id,
        gateway="sandbox",
        gateway_id="sbx_lost",
        key=str(uuid7()),
        difference="unbooked",
        currency="EUR",
        amount=3_000,
        at=world.now,
        seen_at=world.now,
    )
    return row.gateway_id


def redeemed_too_often(world: World, subscription: UUID) -> str:
    coupon = redeemed(world, subscription, 2)
    Coupon.objects.filter(pk=coupon).update(most=1)
    return public("cpn", coupon)


def redeemed_too_often_by_one(world: World, subscription: UUID) -> str:
    coupon = redeemed(world, subscription, 2)
    Coupon.objects.filter(pk=coupon).update(most=2, most_each=1)
    return public("cpn", coupon)


def redeemed(world: World, subscription: UUID, times: int) -> UUID:
    """A coupon that was redeemed so often on the subscription, once after the other."""
    coupon = create_coupon(CouponTerms("SPRING", Discount(percent=10)), actor=world.system, now=world.now)
    row = Subscription.objects.get(pk=subscription)
    for number in range(times):
        Redemption.objects.create(
            partner_id=world.id,
            coupon_id=coupon,
            customer_id=row.customer_id,
            subscription=row,
            from_term=number + 1,
            redeemed_at=world.now,
            ended_at=world.now,
        )
    return coupon


def as_owner(statement: str, *parameters: UUID) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, [str(one) for one in parameters] or None)


PLANTED: list[tuple[Callable[[World, UUID], str], str]] = [
    (overdue, "work_is_done_when_due"),
    (lease_left, "leases_are_given_back"),
    (parked, "nothing_waits_for_a_person"),
    (unsent, "events_are_passed_on"),
    (order_left, "who_has_paid_is_served"),
    (two_attempts, "one_open_attempt_per_subscription"),
    (forgotten, "no_active_subscription_is_forgotten"),
    (held_for_nothing, "nobody_is_held_who_owes_nothing"),
    (overlapping, "terms_follow_one_another"),
    (with_a_gap, "terms_follow_one_another"),
    (misnumbered, "terms_follow_one_another"),
    (balance_off, "balances_are_their_ledger"),
    (invoice_off, "invoices_are_paid_by_payments"),
    (never_charged, "books_are_the_journal"),
    (never_booked, "books_are_the_journal"),
    (mismatched, "gateways_agree"),
    (redeemed_too_often, "coupons_are_redeemed_within_their_limits"),
    (redeemed_too_often_by_one, "coupons_are_redeemed_within_their_limits"),
]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(("plant", "name"), PLANTED, ids=[plant.__name__ for plant, _ in PLANTED])
def test_what_is_planted_is_found_by_its_own_invariant_alone(
    world: World, other_world: World, paid: UUID, plant: Callable[[World, UUID], str], name: str
) -> None:
    with tenant(world.id):
        object_ = plant(world, paid)
    broken = found(world)
    assert list(broken) == [name]
    assert [row.object for row in broken[name]] == [object_]
    assert found(other_world) == {}


def test_every_invariant_is_planted_by_a_test(db: None) -> None:
    assert {name for _, name in PLANTED} == {invariant.name for invariant in invariants()}


def test_findings_keep_the_instant_they_were_first_seen_and_go_when_they_are_whole(world: World, paid: UUID) -> None:
    with tenant(world.id):
        parked(world, paid)
    found(world)
    with tenant(world.id):
        first = Finding.objects.get()
    found(world)
    with tenant(world.id):
        assert Finding.objects.get().found_at == first.found_at
        Subscription.objects.update(parked_at=None)
    assert found(world) == {}
    with tenant(world.id):
        assert not Finding.objects.exists()
    health = Health.objects.get(partner=world.id, invariant="nothing_waits_for_a_person")
    assert health.broken == 0


def test_the_beat_asks_the_quick_ones_often_and_the_others_at_night(world: World, paid: UUID) -> None:
    with tenant(world.id):
        balance_off(world, paid)
        parked(world, paid)
    assert look_at_partner(partner_id=str(world.id), pace=Pace.OFTEN.value) == 1
    assert look_at_partner(partner_id=str(world.id), pace=Pace.NIGHTLY.value) == 1


BREACHES = [
    ("ALTER TABLE billing_payment DISABLE ROW LEVEL SECURITY", "billing_payment: row-level security is off"),
    ("ALTER TABLE billing_payment NO FORCE ROW LEVEL SECURITY", "billing_payment: row-level security is not forced"),
    ("DROP POLICY own_partner ON billing_payment", "billing_payment: no policy keeps it"),
    ("CREATE POLICY hole ON billing_payment USING (true)", "billing_payment: the policy hole lets"),
    (
        "CREATE TABLE loose (partner_id uuid); GRANT SELECT ON loose TO PUBLIC",
        "loose: row-level security is off",
    ),
]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(("statement", "sentence"), BREACHES)
def test_a_breach_in_the_walls_is_found(team: Team, statement: str, sentence: str) -> None:
    assert breaches() == []
    as_owner(statement)
    try:
        assert any(found.startswith(sentence) for found in breaches())
    finally:
        from partnerpanel.tenancy import walls

        as_owner("DROP TABLE IF EXISTS loose; DROP POLICY IF EXISTS hole ON billing_payment")
        walls.build(connections["owner"])
    assert breaches() == []
