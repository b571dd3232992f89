"""The mails of a life by the test clock, opened one by one: the welcome, the offer to stay, and the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Message
from partnerpanel.actions import door, test_mode
from partnerpanel.actions.cancel import Cancel, CancelReason, CancelWhen
from partnerpanel.actions.offer_rules import RuleTerms
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.clock import system_now
from partnerpanel.offers.models import OfferMade
from partnerpanel.offers.rules.offers import Moment, Offer, OfferKind
from partnerpanel.offers.services.offer_rules import create_rule
from partnerpanel.tenancy.queries import partner_by_id
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.models import Subscription, Term
from subscriptions.rules.coupons import Discount
from subscriptions.services.coupon_catalogue import CouponTerms, create_coupon
from tests.browser import no_complaints
from tests.checkout.buyers import Buyer, sells
from tests.panel.conftest import Visit
from tests.people import Person, Team
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATIENCE = 120.0
WELCOME = ("started", "welcome_guide", "welcome_features", "welcome_feedback")


class Life:
    """One subscription that was bought in a test mode, and the clock that it lives by."""

    def __init__(self, team: Team) -> None:
        begun_at = system_now()
        twin = create_twin(team.partner, now=begun_at)
        self.world = World(twin, now=begun_at)
        self.person: Person = replace(team.owner, partner=twin)
        with tenant(twin.pk):
            actor, terms = self.world.system, CouponTerms("BACK", Discount(percent=50, periods=3))
            coupon = create_coupon(terms, actor=actor, now=begun_at)
            rule = RuleTerms(Moment.BEFORE_END, "Half", Offer(OfferKind.COUPON, coupon_id=coupon))
            create_rule(rule, actor=actor, now=begun_at)
        buyer = Buyer(self.world, sells(self.world, self.person))
        buyer.begins()
        buyer.orders()
        buyer.pays()

    @property
    def now(self) -> datetime:
        at = partner_by_id(self.world.id).test_clock_at
        assert at is not None
        return at

    @property
    def row(self) -> Subscription:
        with tenant(self.world.id):
            return Subscription.objects.for_partner(self.world.id).get()

    @property
    def ends_at(self) -> datetime:
        """Of the period that runs."""
        with tenant(self.world.id):
            found: datetime = Term.objects.for_partner(self.world.id).latest("number").ends_at
        return found

    @property
    def target(self) -> tuple[Target]:
        return (Target(self.row.customer_id, self.row.pk),)

    def lives(self, *, to: datetime) -> None:
        test_mode.advance(to=to, actor=self.person.actor, seconds=PATIENCE)

    def does(self, verb: Cancel | TakeOffer) -> None:
        quote = door.preview(verb, actor=self.person.actor, now=self.now)
        door.commit(verb, quote=quote.token, actor=self.person.actor, now=self.now)
        self.lives(to=self.now + timedelta(minutes=1))

    def told(self) -> list[tuple[str, int]]:
        """The kinds of the mails so far, and how many days after the first."""
        with tenant(self.world.id):
            rows = list(Message.objects.for_partner(self.world.id).order_by("queued_at", "pk"))
        return [(row.kind.removeprefix("subscription_"), (row.queued_at - rows[0].queued_at).days) for row in rows]

    def offer(self) -> OfferMade:
        with tenant(self.world.id):
            return OfferMade.objects.for_partner(self.world.id).latest("pk")


def reads(page: Page, life: Life, subject: str) -> str:
    """The newest mail with that subject, opened in the log."""
    page.goto(f"/panel/{life.world.partner.slug}/messages/")
    page.get_by_role("link", name=subject).first.click()
    body = page.frame_locator("iframe.mail-frame").locator("body")
    expect(body).to_contain_text("Kind regards")
    leads = body.locator("a").evaluate_all("all => all.map((one) => `${one.textContent}: ${one.href}`)")
    return "\n".join([body.inner_text(), *leads])


def test_the_welcome_the_offer_to_stay_and_the_end_are_read_by_the_test_clock(visit: Visit, team: Team) -> None:
    life = Life(team)
    life.lives(to=life.now + timedelta(days=8))
    assert [kind for kind, _ in life.told() if kind in (*WELCOME, "credentials")] == list(WELCOME)
    page = visit(f"/panel/{life.world.partner.slug}/messages/", user=team.owner.user)
    with no_complaints(page):
        assert "/credentials/" in reads(page, life, "has begun")
        for subject in ("Getting started with", "can do for you", "How do you like"):
            reads(page, life, subject)

        life.does(Cancel(life.target, CancelWhen.PERIOD_END, CancelReason.UNUSED))
        life.lives(to=life.ends_at - timedelta(days=6))
        read = reads(page, life, "Before “Basic”")
        assert "50% less from the next billing on (3×)" in read
        assert "Keep my plan: http" in read
        life.does(TakeOffer(life.target, life.offer().pk))
        reads(page, life, "goes on")
        life.lives(to=life.ends_at + timedelta(days=1))
        kinds = [kind for kind, _ in life.told()]
        assert (kinds.count("winback"), kinds.count("ended")) == (1, 0), "who stays is offered nothing more"

        life.does(Cancel(life.target, CancelWhen.PERIOD_END, CancelReason.UNUSED))
        ended_at = life.ends_at
        life.lives(to=ended_at + timedelta(days=1))
        assert "Your access is closed" in reads(page, life, "has ended")
        life.lives(to=ended_at + timedelta(days=29))
        assert "erase" in reads(page, life, "will be erased")
        kinds = [kind for kind, _ in life.told()]
        assert (kinds.count("winback"), kinds.count("ended"), kinds.count("account_erasure_near")) == (2, 1, 2)
