"""Somebody whose subscription has ended comes back while the data is kept."""

from __future__ import annotations

import pytest

from billing.rules.changes.cancelling import CancelReason
from billing.rules.subscribing import FirstPayment
from partnerpanel.actions import door
from partnerpanel.actions.cancel import Cancel, CancelWhen
from partnerpanel.actions.door import Outcome, Refused
from partnerpanel.actions.erase import Erase
from partnerpanel.actions.offer_rules import RuleTerms
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.verb import Target
from partnerpanel.offers.models import ExitAnswer, OfferMade
from partnerpanel.offers.rules.offers import Conditions, Moment, Offer, OfferKind
from partnerpanel.offers.services.offer_rules import create_rule
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Movement, Redemption, ServiceAccount
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.scenarios.conftest import Tell
from tests.scenarios.story import Story


@pytest.fixture
def left(story: Story) -> Story:
    """Paid once, cancelled, and ended on the last of February."""
    story.on("2026-01-31").subscribes(plan="monthly 30.00 EUR").on("2026-02-10").cancels()
    return story.on("2026-02-28", hours=1).expects(lifecycle="ended", access="blocked", service="off")


def comes_back(story: Story, payment: FirstPayment = FirstPayment.CARD) -> Outcome:
    verb = Restart((Target(story.customer, story.subscription),), payment)
    quote = door.preview(verb, actor=story.world.system, now=story.now)
    outcome = door.commit(verb, quote=quote.token, actor=story.world.system, now=story.now)
    story.catches_up()
    return outcome


def refusal(story: Story) -> str:
    verb = Restart((Target(story.customer, story.subscription),))
    quote = door.preview(verb, actor=story.world.system, now=story.now)
    return quote.refusals[0].code if quote.refusals else ""


def password_number(story: Story) -> tuple[str, int]:
    with tenant(story.twin.pk):
        account = ServiceAccount.objects.for_partner(story.twin.pk).get(subscription=story.subscription)
        return account.username, account.password_number


def movements(story: Story) -> list[tuple[str, int]]:
    with tenant(story.twin.pk):
        rows = Movement.objects.for_partner(story.twin.pk).filter(subscription=story.subscription)
        return list(rows.order_by("occurred_at", "pk").values_list("kind", "amount"))


def test_one_click_charges_and_opens_with_the_login_that_was(left: Story) -> None:
    login = password_number(left)
    left.on("2026-03-10", hours=9)
    comes_back(left)
    left.expects(
        lifecycle="active",
        collection="current",
        access="open",
        service="full",
        charged="30.00 EUR",
        mails=["payment_received", "restarted"],
        periods=[("2026-01-31", "2026-02-28"), ("2026-03-10", "2026-04-10")],
        invoices=["paid", "paid"],
        granted=0,
    )
    assert password_number(left) == login
    assert left.row().ended_at is None
    assert left.row().ended_before is None
    assert [kind for kind, _ in movements(left)] == ["new", "churn", "reactivation"]
    left.on("2026-04-10", hours=1).expects(charged="30.00 EUR", until="2026-05-10")


def test_who_returns_keeps_its_data_and_is_warned_anew_when_it_leaves_again(left: Story) -> None:
    left.on("2026-03-20", hours=9)
    comes_back(left)
    left.on("2026-04-05").cancels().on("2026-04-20", hours=1).expects(lifecycle="ended")
    assert left.world.read_customer(left.customer).erased_at is None
    left.on("2026-05-20", hours=1)
    assert left.world.read_customer(left.customer).erased_at is not None


def test_declined_nothing_is_open_and_another_card_brings_it_back(left: Story) -> None:
    left.replaces_card_quietly("declines").on("2026-03-10", hours=9)
    comes_back(left)
    left.expects(
        lifecycle="incomplete",
        collection="retrying",
        access="blocked",
        service="off",
        charged=None,
        mails=["first_payment_needed"],
        invoices=["paid", "open"],
    )
    assert refusal(left) == "restart_waits"
    left.on("2026-03-12", hours=9).replaces_card("ok").expects(
        lifecycle="active", access="open", service="full", charged="30.00 EUR"
    )
    left.expects(periods=[("2026-01-31", "2026-02-28"), ("2026-03-10", "2026-04-12")], granted=2)


def test_paid_by_nobody_it_stays_ended_since_the_day_on_which_it_ended(left: Story) -> None:
    ended_at = left.row().ended_at
    left.replaces_card_quietly("declines").on("2026-03-10", hours=9)
    comes_back(left)
    left.on("2026-03-17", hours=1).expects(
        lifecycle="ended", access="blocked", invoices=["paid", "void"], mails=["account_erasure_near"]
    )
    assert left.row().ended_at == ended_at
    assert left.row().ended_before is None
    assert [kind for kind, _ in movements(left)] == ["new", "churn"]
    left.on("2026-03-30", hours=1)
    assert left.world.read_customer(left.customer).erased_at is not None


def test_a_return_under_way_holds_the_erasure_off_and_the_last_warning_comes_before_it(left: Story) -> None:
    left.replaces_card_quietly("declines").on("2026-03-28", hours=9)
    comes_back(left)
    left.on("2026-04-03", hours=20)
    assert left.world.read_customer(left.customer).erased_at is None
    left.on("2026-04-04", hours=1).expects(lifecycle="ended", mails=["account_erasure_near"])
    left.on("2026-04-06", hours=20)
    assert left.world.read_customer(left.customer).erased_at is None
    left.on("2026-04-07", hours=1)
    assert left.world.read_customer(left.customer).erased_at is not None


def test_the_customer_may_think_again_before_it_pays(left: Story) -> None:
    left.on("2026-03-10", hours=9)
    comes_back(left, FirstPayment.INVOICE)
    left.expects(lifecycle="incomplete", mails=["first_payment_needed"], charged=None)
    verb = Cancel((Target(left.customer, left.subscription),), CancelWhen.NOW, CancelReason.OTHER)
    door.commit(verb, quote=None, actor=left.world.system, now=left.now)
    left.catches_up().expects(lifecycle="ended", invoices=["paid", "void"])
    with tenant(left.twin.pk):
        assert ExitAnswer.objects.for_partner(left.twin.pk).count() == 0
    comes_back(left)
    left.expects(lifecycle="active", charged="30.00 EUR")


def test_by_invoice_it_comes_back_with_the_money_and_the_days_before_are_free(left: Story) -> None:
    left.on("2026-03-10", hours=9)
    comes_back(left, FirstPayment.INVOICE)
    left.on("2026-03-14", hours=9).pays().expects(
        lifecycle="active", access="open", periods=[("2026-01-31", "2026-02-28"), ("2026-03-10", "2026-04-14")]
    )


def test_an_answer_that_is_lost_is_asked_for_again_and_charged_once(left: Story) -> None:
    left.replaces_card_quietly("answer lost").on("2026-03-10", hours=9)
    comes_back(left)
    left.on("2026-03-10", hours=12).expects(lifecycle="active", charged="30.00 EUR", invoices=["paid", "paid"])


def test_nobody_who_is_erased_comes_back(left: Story) -> None:
    left.on("2026-03-05", hours=9)
    door.commit(Erase((Target(left.customer),)), quote=None, actor=left.world.system, now=left.now)
    left.catches_up()
    assert refusal(left) == "erased"
    with pytest.raises(Refused):
        comes_back(left)


def test_nobody_who_is_coming_back_is_erased(left: Story) -> None:
    left.on("2026-03-05", hours=9)
    comes_back(left, FirstPayment.INVOICE)
    quote = door.preview(Erase((Target(left.customer),)), actor=left.world.system, now=left.now)
    assert [one.code for one in quote.refusals] == ["still_served"]


def test_a_trial_is_not_given_a_second_time(story: Story) -> None:
    story.on("2026-02-01").subscribes(plan="monthly 30.00 EUR", trial_days=14).on("2026-02-03").cancels()
    story.on("2026-02-15", hours=1).expects(lifecycle="ended", charged=None)
    story.on("2026-02-20", hours=9)
    comes_back(story)
    story.expects(lifecycle="active", charged="30.00 EUR", until="2026-03-20")


def test_what_never_began_is_no_return(story: Story) -> None:
    story.on("2026-02-01").subscribes(plan="monthly 30.00 EUR", card="declines").on("2026-02-09")
    story.expects(lifecycle="ended")
    assert refusal(story) == "never_began"


def test_ended_after_grace_one_may_return_and_owes_nothing_of_before(story_in: Tell) -> None:
    story = story_in(day="2026-01-01").policy(grace__then="cancel").on("2026-01-31")
    story.starts(card="declines later").on("2026-03-07", hours=1).expects(lifecycle="ended", invoices=["void"])
    story.replaces_card_quietly("ok").on("2026-03-12", hours=9)
    comes_back(story)
    story.expects(lifecycle="active", collection="current", access="open", charged="30.00 EUR", until="2026-04-12")


@pytest.fixture
def welcoming(left: Story) -> Story:
    """Half the price for two periods to who comes back, once for each customer."""
    with tenant(left.twin.pk):
        terms = CouponTerms("AGAIN", Discount(percent=50, periods=2), most_each=1)
        coupon = create_coupon(terms, actor=left.world.system, now=left.now)
        offer = Offer(OfferKind.COUPON, coupon_id=coupon)
        rule = RuleTerms(Moment.AFTER_END, "Half", offer, Conditions(months_from=1))
        create_rule(rule, actor=left.world.system, now=left.now)
    return left


def offers(story: Story) -> list[str]:
    with tenant(story.twin.pk):
        return list(OfferMade.objects.for_partner(story.twin.pk).order_by("pk").values_list("outcome", flat=True))


def redemptions(story: Story) -> list[bool]:
    """Of each, whether it counts."""
    with tenant(story.twin.pk):
        rows = Redemption.objects.for_partner(story.twin.pk).order_by("redeemed_at")
        return [not row.withdrawn for row in rows]


def test_a_rule_welcomes_who_comes_back_for_its_periods(welcoming: Story) -> None:
    welcoming.on("2026-03-10", hours=9)
    [plan] = comes_back(welcoming).quote.money
    assert plan.planned is not None
    assert str(plan.planned.due_now) == "15.00 EUR"
    assert str(plan.after.next.amount) == "15.00 EUR"
    welcoming.expects(charged="15.00 EUR", lifecycle="active")
    assert offers(welcoming) == ["taken"]
    welcoming.on("2026-04-10", hours=1).expects(charged="15.00 EUR")
    welcoming.on("2026-05-10", hours=1).expects(charged="30.00 EUR")


def test_a_welcome_that_is_not_paid_is_had_again_and_one_that_is_not(welcoming: Story) -> None:
    welcoming.replaces_card_quietly("declines").on("2026-03-02", hours=9)
    comes_back(welcoming)
    assert (offers(welcoming), redemptions(welcoming)) == (["open"], [True])
    welcoming.on("2026-03-09", hours=1).expects(lifecycle="ended")
    assert (offers(welcoming), redemptions(welcoming)) == (["declined"], [False])
    welcoming.replaces_card_quietly("ok")
    comes_back(welcoming)
    welcoming.expects(charged="15.00 EUR")
    assert (offers(welcoming), redemptions(welcoming)) == (["declined", "taken"], [False, True])
    welcoming.on("2026-04-01").cancels().on("2026-04-09", hours=1).expects(lifecycle="ended")
    comes_back(welcoming)
    # What was left of the coupon goes on; another one is not given.
    welcoming.expects(charged="15.00 EUR")
    assert redemptions(welcoming) == [False, True]
    welcoming.on("2026-05-09", hours=1).expects(charged="30.00 EUR")
