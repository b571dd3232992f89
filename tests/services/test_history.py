"""A past that the engine lived through: its books add up, and the same seed gives the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Sum
from pytest_django import DjangoDbBlocker

from billing.documents.states import InvoiceStatus
from billing.models import CollectionCase, Invoice, Payment, PaymentAttempt, SandboxCharge
from customers.models import Customer
from notifications.models import Message
from partnerpanel.embedded.demo.past.chances import Deed
from partnerpanel.embedded.demo.past.digest import digest
from partnerpanel.embedded.demo.past.living import Past
from partnerpanel.embedded.demo.past.partners import past_partner
from partnerpanel.events.models import Event
from partnerpanel.invariants.look import look
from partnerpanel.invariants.registry import invariants
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import NotFound
from partnerpanel.queues.functions import due_partners
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.rows import due
from partnerpanel.tenancy.clocks import business_now_of
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.moving import hand_on_clock
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import InvalidPartner, begin_past, create_twin, open_partner
from subscriptions.models import Subscription
from subscriptions.rules.states import Lifecycle
from tests.people import Team, make_partner
from tests.scenarios.promises import keeps_its_promises
from tests.world import World

UNTIL = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Partner, Past]]:
    """Four months of forty-five customers, lived once and rolled back after the tests that look at it."""
    block = transaction.atomic()
    vars(block)["_from_testcase"] = True  # so scopes may open inside
    with django_db_blocker.unblock(), block:
        yield past_partner(slug="lived", customers=45, months=4, seed=54, until=UNTIL)
        transaction.set_rollback(True)


@pytest.mark.slow
def test_the_books_of_a_past_add_up(lived: tuple[Partner, Past]) -> None:
    partner, _ = lived
    keeps_its_promises(partner.pk, UNTIL)
    begin_past(partner, at=UNTIL)
    assert look(partner.pk, invariants()) == {}
    open_partner(partner)
    with tenant(partner.pk):
        assert Customer.objects.count() == 45
        paid = Invoice.objects.filter(status=InvoiceStatus.PAID)
        assert paid.count() > 40
        # Whatever was paid is on the invoices or on the balance; whatever is on an invoice was paid or credited.
        assert not paid.exclude(total_amount=F("paid_amount") + F("credit_amount")).exists()
        charged = SandboxCharge.objects.filter(status="succeeded").aggregate(sum=Sum("amount"))["sum"]
        assert charged == Payment.objects.filter(source="card").aggregate(sum=Sum("amount"))["sum"]
        assert not PaymentAttempt.objects.exclude(status__in=["succeeded", "declined"]).exists()


@pytest.mark.slow
def test_a_past_has_good_and_bad_days(lived: tuple[Partner, Past]) -> None:
    partner, past = lived
    assert past.done[Deed.CANCEL]
    assert past.done[Deed.GOOD_CARD] + past.done[Deed.PAY]
    with tenant(partner.pk):
        lifecycles = Counter(Subscription.objects.values_list("lifecycle", flat=True))
        assert lifecycles[Lifecycle.ACTIVE] > lifecycles[Lifecycle.ENDED] > 0
        assert PaymentAttempt.objects.filter(status="declined").exists()
        assert CollectionCase.objects.exclude(closed_at=None).exists()
        assert not Subscription.objects.exclude(parked_at=None).exists()


@pytest.mark.slow
def test_everything_in_it_is_dated_on_its_day_and_its_mails_reached_nobody(lived: tuple[Partner, Past]) -> None:
    partner, past = lived
    with tenant(partner.pk):
        begun = UNTIL - timedelta(days=121)
        charged = SandboxCharge.objects.order_by("charged_at").values_list("charged_at", flat=True)
        assert begun < charged[0] < UNTIL - timedelta(days=60)
        assert not Event.objects.filter(occurred_at__gt=UNTIL).exists()
        assert set(Message.objects.values_list("state", flat=True)) == {"kept"}
        # What was said to people who left long ago is erased with the rest of their data.
        assert not Message.objects.filter(body="", customer__erased_at=None).exists()
        for queue in all_queues():
            assert not due(queue.model._default_manager.all(), partner_id=partner.pk, now=UNTIL).exists()
    assert mail.outbox == []
    assert past.first == (UNTIL - timedelta(days=120)).date()


@pytest.mark.slow
def test_its_partner_is_open_and_lives_by_the_systems_time(lived: tuple[Partner, Past]) -> None:
    partner, _ = lived
    assert Partner.objects.get(pk=partner.pk).past_at is None
    assert abs(business_now_of(partner.pk) - system_now()) < timedelta(minutes=1)
    assert partner.pk in due_partners("subscriptions", now=UNTIL + timedelta(days=40))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    [one, again, other] = [
        past_partner(slug=f"seed-{number}", customers=10, months=2, seed=seed, until=UNTIL)[0]
        for number, seed in enumerate((7, 7, 8))
    ]
    assert digest(one.pk) == digest(again.pk)
    assert digest(one.pk) != digest(other.pk)


@pytest.mark.django_db
def test_while_a_past_is_written_no_worker_and_no_mail_server_hears_of_it() -> None:
    partner, at = make_partner("founded"), datetime(2026, 1, 10, 11, tzinfo=UTC)
    begin_past(partner, at=at)
    assert business_now_of(partner.pk) == at
    world = World(partner, now=at)
    world.subscription()
    with tenant(partner.pk):
        assert Subscription.objects.filter(due_at__lte=at).exists()
    assert partner.pk not in due_partners("subscriptions", now=at)
    with hand_on_clock(partner.pk) as hand:
        hand.move(at + timedelta(days=1))
    assert business_now_of(partner.pk) == at + timedelta(days=1)
    open_partner(partner)
    assert partner.pk in due_partners("subscriptions", now=at)
    with pytest.raises(NotFound), hand_on_clock(partner.pk):
        pass


@pytest.mark.django_db
def test_who_has_a_present_gets_no_past(team: Team) -> None:
    twin = create_twin(team.partner, now=UNTIL)
    for partner in (team.partner, twin):
        with pytest.raises(InvalidPartner, match="has a present already"):
            begin_past(partner, at=UNTIL)


@pytest.mark.django_db
def test_the_command_says_what_it_made_and_refuses_wrong_wishes(team: Team) -> None:
    out, owner = StringIO(), team.owner.user
    wanted = {"customers": 4, "months": 1, "until": "2026-05-20T09:30:00Z", "owner": owner.email}
    call_command("seed_history", partner="four", stdout=out, **wanted)
    made = Partner.objects.get(slug="four")
    assert "four: from 2026-04-20 to 2026-05-20 09:30 UTC" in out.getvalue()
    assert digest(made.pk) in out.getvalue()
    assert made.memberships.get().user == owner
    for wrong, said in (
        ({"partner": "four"}, "taken"),
        ({"customers": 0}, "customers"),
        ({"months": 999}, "months"),
        ({"until": "soon"}, "is written like"),
        ({"until": "2026-05-20T09:30:00"}, "needs its zone"),
        ({"until": "2999-01-01T00:00:00Z"}, "at the present"),
        ({"owner": "nobody@nowhere.example"}, "Nobody has"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("seed_history", **({"partner": "five"} | wanted | wrong))
    assert not Partner.objects.filter(slug="five").exists()
