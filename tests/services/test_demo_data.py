"""The demo's data: the same for the same day, in every state there is, and written once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count as CountRows
from django.db.models import Q
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from billing.documents.states import PaymentSource
from billing.models import Balance, CollectionCase, Invoice, Payment, PaymentAttempt
from customers.models import Customer, CustomerTag, Note
from customers.queries.lists import tab_counts
from notifications.models import Campaign, Message, Suppression
from partnerpanel.embedded.demo.cases import Case
from partnerpanel.embedded.demo.coupons import CODE
from partnerpanel.embedded.demo.days import Days
from partnerpanel.embedded.demo.drafts import customers_of
from partnerpanel.embedded.demo.leftovers import remove_unfinished
from partnerpanel.embedded.demo.northwind import NORTHWIND
from partnerpanel.embedded.demo.people import OPERATOR, PASSWORD
from partnerpanel.embedded.demo.sakura import SAKURA
from partnerpanel.embedded.demo.sales import BILLED_DAYS
from partnerpanel.embedded.demo.seed import BLUEPRINTS, seed, seed_partner
from partnerpanel.events.models import Event
from partnerpanel.offers.models import ExitAnswer, OfferRule
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.rows import due
from partnerpanel.tenancy.models import Membership, Partner, Role, User
from partnerpanel.tenancy.queries import names_of, partners_of
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.models import (
    Coupon,
    Hold,
    Movement,
    Plan,
    PlanPrice,
    Redemption,
    ServiceAccount,
    Subscription,
    Term,
)
from subscriptions.queries.movements import recurring_by_movements
from subscriptions.queries.overview import monthly_recurring
from subscriptions.rules.states import Collection, HoldKind, Lifecycle
from tests.kept import kept

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
FIRST_MINUTES_OF_A_MONTH = datetime(2028, 2, 29, 15, 4, tzinfo=UTC)  # 1 March in Tokyo
# In one worker, so that they are made once.
pytestmark = pytest.mark.slow
# The same partners with less of a past, which takes time to live.
SHORTER = [replace(blueprint, lived=20, months=6) for blueprint in BLUEPRINTS]
BEFORE = NOW - timedelta(days=BILLED_DAYS + 1)
PEOPLE = {Role.OWNER, Role.ADMIN, Role.BILLING, Role.SUPPORT, Role.READ_ONLY}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Partner]]:
    """The whole demo, made once and rolled back after the tests that look at it."""
    with kept(django_db_blocker):
        seed(now=NOW, blueprints=SHORTER)
        yield {partner.slug: partner for partner in Partner.objects.all()}


def rows_of(partner: Partner) -> list[tuple[object, ...]]:
    """What the partner has, by the columns that mean something to a person."""
    with tenant(partner.pk):
        found: list[tuple[object, ...]] = []
        for rows, columns in (
            (Customer.objects, "name email country tax_id external_id registered_at version is_active is_suspended"),
            (Subscription.objects, "customer__email plan__name quantity price_amount currency lifecycle collection"),
            (Subscription.objects, "customer__email started_at anchor_on access ended_at trial_ends_at paused_from"),
            (Term.objects, "subscription__customer__email number starts_on ends_on"),
            (Hold.objects, "customer__email kind reason placed_at released_at"),
            (Note.objects, "customer__email text created_at"),
            (CustomerTag.objects, "customer__email tag__name"),
            (Invoice.objects, "customer__email status number total_amount credit_amount paid_amount issued_at paid_at"),
            (Payment.objects, "customer__email source amount received_on note recorded_at"),
            (PaymentAttempt.objects, "customer__email ordinal purpose status made_at settled_at"),
            (CollectionCase.objects, "subscription__customer__email first_on attempts is_hard in_grace_from over_on"),
            (Movement.objects, "customer__email kind amount currency occurred_at"),
            (Event.objects, "kind object_type sequence occurred_at actor_kind data__placed"),
            (ServiceAccount.objects, "subscription__customer__email desired actual changed_at parked_at attempts"),
        ):
            found += sorted(rows.filter(partner=partner).values_list(*columns.split()), key=repr)
        return found


def test_every_partner_has_some_hundred_customers(demo: dict[str, Partner]) -> None:
    for slug, at_least in {"northwind": 300, "bluemesa": 250, "sakura": 200}.items():
        with tenant(demo[slug].pk):
            assert Customer.objects.count() == at_least
            assert all(tab_counts(demo[slug].pk, now=NOW, zone=demo[slug].timezone).values())


def test_every_state_is_there(demo: dict[str, Partner]) -> None:
    for blueprint in BLUEPRINTS:
        with tenant(demo[blueprint.slug].pk):
            sold = Subscription.objects.all()
            assert set(sold.values_list("lifecycle", flat=True)) == set(Lifecycle)
            assert set(sold.values_list("collection", flat=True)) == set(Collection)
            for wide in (True, False):
                open_holds = Hold.objects.filter(released_at=None, subscription__isnull=wide)
                # A ban is of a whole customer.
                others = {HoldKind.PROVISIONING} if wide else {HoldKind.PROVISIONING, HoldKind.BAN}
                assert set(open_holds.values_list("kind", flat=True)) >= set(HoldKind) - others
            assert sold.filter(quantity__gt=1).exists()
            assert sold.filter(price_is_agreed=True).exists()
            assert sold.filter(awaits_cut_over=True).exists()
            assert sold.filter(paused_until=None, paused_from__lt=NOW).exists()
            assert sold.filter(plan__archived_at__isnull=False, lifecycle=Lifecycle.ACTIVE).exists()
            assert sold.values("customer").annotate(held=CountRows("pk")).filter(held__gte=3).exists()
            assert set(Plan.objects.values_list("interval_unit", flat=True)) == {"week", "month", "year"}
            assert PlanPrice.objects.values("currency").distinct().count() == 3
            assert Note.objects.exists()
            assert CustomerTag.objects.exists()


def test_one_account_in_each_partner_waits_for_a_person(demo: dict[str, Partner]) -> None:
    for blueprint in BLUEPRINTS:
        with tenant(demo[blueprint.slug].pk):
            parked = ServiceAccount.objects.exclude(parked_at=None).get()
            assert parked.attempts == 5
            assert "belongs to another account" in parked.last_error
            assert parked.parked_at is not None
            assert parked.parked_at < NOW


def test_each_has_a_campaign_that_was_sent_a_draft_and_addresses_that_are_left_out(demo: dict[str, Partner]) -> None:
    for partner in demo.values():
        if partner.slug not in {blueprint.slug for blueprint in BLUEPRINTS}:
            continue
        with tenant(partner.pk):
            assert set(Campaign.objects.values_list("state", flat=True)) == {"done", "draft"}
            sent = Message.objects.filter(kind="campaign")
            assert set(sent.values_list("state", flat=True)) >= {"sent", "left_out"}
            assert set(Suppression.objects.values_list("reason", flat=True)) == {"hard_bounce", "by_hand"}


def test_nothing_is_left_to_do(demo: dict[str, Partner]) -> None:
    for partner in demo.values():
        with tenant(partner.pk):
            for queue in all_queues():
                assert not due(queue.model._default_manager.all(), partner_id=partner.pk, now=NOW).exists()


def test_nothing_is_dated_after_the_day_and_no_history_before_its_customer(demo: dict[str, Partner]) -> None:
    for partner in demo.values():
        with tenant(partner.pk):
            assert not Event.objects.filter(occurred_at__gt=NOW).exists()
            came = dict(Event.objects.filter(kind="customer.created").values_list("customer_id", "occurred_at"))
            happened = Event.objects.exclude(customer_id=None).values_list("customer_id", "occurred_at")
            assert all(at >= came[customer_id] for customer_id, at in happened)


def test_the_running_term_fits_the_state_of_collection(demo: dict[str, Partner]) -> None:
    with tenant(demo["northwind"].pk):
        served = Term.objects.filter(subscription__lifecycle=Lifecycle.ACTIVE, subscription__awaits_cut_over=False)
        waiting = Q(subscription__is_suspended=True) | Q(subscription__paused_from__lte=NOW)
        newest = served.order_by("subscription", "-number").distinct("subscription").values_list("pk", flat=True)
        running = served.filter(pk__in=list(newest))
        paid = running.filter(subscription__collection=Collection.CURRENT)
        assert not paid.exclude(waiting).filter(ends_at__lte=NOW).exists()
        assert not running.exclude(pk__in=paid).filter(ends_at__gt=NOW).exists()


def test_every_unpaid_state_was_made_by_the_engine(demo: dict[str, Partner]) -> None:
    for blueprint in BLUEPRINTS:
        with tenant(demo[blueprint.slug].pk):
            # What has ended keeps how its collection ended, and is collected for no more.
            unpaid = Subscription.objects.exclude(collection=Collection.CURRENT).exclude(lifecycle=Lifecycle.ENDED)
            cases = {case.subscription_id: case for case in CollectionCase.objects.filter(closed_at=None)}
            assert set(cases) == set(unpaid.values_list("pk", flat=True))
            for row in unpaid:
                invoice = Invoice.objects.get(pk=cases[row.pk].invoice_id)
                delinquent = row.collection == Collection.DELINQUENT
                assert invoice.status == ("void" if delinquent else "open")
                held = Hold.objects.filter(customer=row.customer_id, kind=HoldKind.NONPAYMENT, released_at=None)
                assert held.exists() == delinquent
                declined = PaymentAttempt.objects.filter(invoice=invoice, status="declined").count()
                assert declined == cases[row.pk].attempts
                assert declined or not row.auto_renew
            frozen = Hold.objects.filter(kind=HoldKind.NONPAYMENT, subscription=None, released_at=None)
            assert frozen.exists()


def test_most_have_paid_with_a_card_and_some_by_hand_with_a_note(demo: dict[str, Partner]) -> None:
    for blueprint in BLUEPRINTS:
        with tenant(demo[blueprint.slug].pk):
            by_hand = Payment.objects.exclude(source=PaymentSource.CARD)
            assert by_hand.exists()
            assert not by_hand.filter(note="").exists()
            assert Subscription.objects.filter(auto_renew=False, lifecycle=Lifecycle.ACTIVE).exists()
            assert Balance.objects.exists()
            assert Payment.objects.filter(source=PaymentSource.CARD).count() > Customer.objects.count() / 2
            assert Invoice.objects.filter(status="paid").count() > Customer.objects.count() / 2


def test_each_has_a_coupon_that_some_hold_and_others_can_redeem(demo: dict[str, Partner]) -> None:
    for blueprint in BLUEPRINTS:
        with tenant(demo[blueprint.slug].pk):
            [coupon] = Coupon.objects.filter(code=CODE)
            assert 0 < Redemption.objects.filter(coupon=coupon, ended_at=None).count() < (coupon.most or 0)


def test_each_makes_offers_to_leavers_and_some_of_those_stay(demo: dict[str, Partner]) -> None:
    for blueprint in BLUEPRINTS:
        with tenant(demo[blueprint.slug].pk):
            assert set(OfferRule.objects.values_list("moment", "kind")) >= {
                ("leaving", "coupon"),
                ("leaving", "pause"),
                ("before_end", "coupon"),
            }
            assert ExitAnswer.objects.filter(left_at__isnull=False).exists()
            assert ExitAnswer.objects.filter(left_at__lt=BEFORE).exists()


def test_some_of_each_have_been_there_for_months(demo: dict[str, Partner]) -> None:
    happened: set[str] = set()
    for blueprint in BLUEPRINTS:
        with tenant(demo[blueprint.slug].pk):
            paid = Payment.objects.filter(recorded_at__lt=BEFORE)
            assert len(paid.datetimes("recorded_at", "month")) >= 5
            assert paid.values("customer").distinct().count() > 10
            assert CollectionCase.objects.exclude(closed_at=None).filter(first_on__lt=BEFORE).exists()
            happened |= set(Event.objects.filter(occurred_at__lt=BEFORE).values_list("kind", flat=True))
            # Numbers of invoices go with their days.
            days = list(Invoice.objects.order_by("number").values_list("issued_at", flat=True))
            assert days == sorted(days)
    assert happened >= {
        "payment.received",
        "payment_method.replaced",
        "subscription.payment_failed",
        "subscription.grace_started",
        "subscription.plan_changed",
        "subscription.cancelled",
        "subscription.ended",
    }


def test_who_lived_takes_the_place_of_the_simply_active() -> None:
    for blueprint in BLUEPRINTS:
        days = Days.of(NOW, blueprint.timezone)
        everybody, others = customers_of(replace(blueprint, lived=0), days), customers_of(blueprint, days)
        assert everybody[: len(others)] == others
        assert {one.case for one in everybody[len(others) :]} == {Case.ACTIVE}
        assert len(everybody) - len(others) == blueprint.lived >= 40


def test_movements_add_up_to_recurring_revenue(demo: dict[str, Partner]) -> None:
    for partner in demo.values():
        with tenant(partner.pk):
            assert recurring_by_movements(partner.pk) == monthly_recurring(partner.pk)
            # The platform's customers are the other partners, and none of them has left.
            assert Movement.objects.filter(kind="churn").exists() or partner.is_platform


def test_suspensions_of_the_past_were_made_by_colleagues_with_names(demo: dict[str, Partner]) -> None:
    with tenant(demo["northwind"].pk):
        released = Event.objects.filter(kind__endswith=".reactivated", occurred_at__lt=NOW - timedelta(days=30))
        assert released.exists()
        names = names_of({id_ for id_ in released.values_list("actor_id", flat=True) if id_}).values()
    assert names
    assert set(names) <= {one.name for one in NORTHWIND.team}


def test_each_role_and_a_person_of_two_partners_can_sign_in(demo: dict[str, Partner]) -> None:
    for blueprint in BLUEPRINTS:
        members = Membership.objects.filter(partner=demo[blueprint.slug])
        assert set(members.values_list("role", flat=True)) == PEOPLE
    robin = User.objects.get(email="robin@falk-consulting.example")
    assert robin.check_password(PASSWORD)
    assert {one.slug for one in partners_of(robin)} == {"northwind", "bluemesa"}
    assert User.objects.get(email=OPERATOR[1]).is_staff


def test_the_test_mode_has_customers_of_its_own_and_a_clock_that_stands(demo: dict[str, Partner]) -> None:
    twin = demo["northwind-test"]
    assert twin.test_clock_at == NOW
    with tenant(twin.pk):
        assert 5 <= Customer.objects.count() <= 50


def test_each_partner_is_a_customer_of_the_platform_and_one_is_in_grace(demo: dict[str, Partner]) -> None:
    billing = demo["platform"]
    assert billing.is_platform
    with tenant(billing.pk):
        held = {one.customer_id: one for one in Subscription.objects.all()}
        assert Payment.objects.count() > len(BLUEPRINTS)
    states = {one.slug: held[demo[one.slug].platform_customer].collection for one in BLUEPRINTS}
    assert states == {"northwind": "current", "bluemesa": "grace", "sakura": "current"}
    assert "first_on" in demo["bluemesa"].standing
    assert not Partner.objects.exclude(frozen_since=None).exists()


def test_a_second_run_only_prints_the_sign_ins(demo: dict[str, Partner]) -> None:
    before = {slug: rows_of(partner) for slug, partner in demo.items()}
    printed = StringIO()
    call_command("seed_demo", stdout=printed)
    assert {slug: rows_of(partner) for slug, partner in demo.items()} == before
    assert PASSWORD in printed.getvalue()
    assert "owner@northwind.example" in printed.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("now", [NOW, FIRST_MINUTES_OF_A_MONTH], ids=["any day", "first minutes of a month"])
def test_the_same_day_gives_the_same_rows(now: datetime) -> None:
    small = replace(SAKURA, customers=60, lived=6, months=2)
    one, other = (seed_partner(replace(small, slug=slug), now=now) for slug in ("one", "other"))
    assert rows_of(one) == rows_of(other)
    with tenant(one.pk):
        assert Customer.objects.count() == 60


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_an_interrupted_run_left_is_taken_away_first() -> None:
    unfinished, finished = (
        seed_partner(replace(SAKURA, slug=slug, customers=12, lived=2, months=2), now=NOW) for slug in ("half", "whole")
    )
    create_twin(unfinished, now=NOW)
    Membership.objects.filter(partner=unfinished).delete()
    remove_unfinished(["half", "whole"])
    assert set(Partner.objects.values_list("slug", flat=True)) == {"whole"}
    with tenant(finished.pk):
        assert Customer.objects.count() == 12


def test_demo_data_is_refused_where_mail_reaches_people(settings: Settings) -> None:
    settings.INBOX_DIRECTORY = None
    with pytest.raises(CommandError, match="passwords are public"):
        call_command("seed_demo")
