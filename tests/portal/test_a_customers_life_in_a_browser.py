"""A customer's life in one story: buys, uses, upgrades, cannot pay, is blocked, pays, downgrades, leaves and stays.

In a test mode with the sandbox and the clock that partners move; in earnest at Stripe; and there once more with workers
killed at every charge and every webhook told three times out of order. Pages, mails and books are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import browser as browsers
from tests.browser import DESK, PHONE, Theme, no_complaints
from tests.checkout.buyers import charges
from tests.faults.oracle import examine
from tests.portal.desks import Desk, Sandbox, Stripe
from tests.portal.life import Life
from tests.portal.opening import BEGINNING, Opening, in_earnest, in_test_mode, where_workers_die

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Variant:
    """Where it is lived, and before which screen."""

    opened: Opening
    desk: Callable[[], Desk]
    theme: Theme
    width: int


VARIANTS = {
    "sandbox": Variant(in_test_mode, Sandbox, "dark", PHONE),
    "stripe": Variant(in_earnest, Stripe, "light", DESK),
    "killed and told thrice": Variant(where_workers_die, lambda: Stripe(times=3, shuffles=True), "light", PHONE),
}

# Purpose, outcome and amount of everything that was charged, or tried to be.
CHARGES = [
    ("asked", "succeeded", 29_90),
    ("asked", "succeeded", 40_68),
    ("renewal", "declined", 59_90),
    *[("retry", "declined", 59_90)] * 3,
    ("new_card", "succeeded", 59_90),
    ("renewal", "succeeded", 29_90),
    ("renewal", "succeeded", 14_95),
]
MAILS = {
    "2026-01-31": ["payment_received", "subscription_started"],
    "2026-02-01": ["subscription_welcome_guide"],
    "2026-02-03": ["subscription_welcome_features"],
    "2026-02-07": ["subscription_welcome_feedback"],
    "2026-02-10": ["payment_received", "subscription_plan_changed"],
    "2026-03-07": ["subscription_renewal_near"],
    "2026-03-10": ["subscription_payment_failed"],
    "2026-03-11": ["subscription_payment_failed"],
    "2026-03-13": ["subscription_payment_failed"],
    "2026-03-15": ["subscription_payment_failed", "subscription_grace_started"],
    "2026-03-16": ["subscription_suspension_near"],
    "2026-03-17": ["subscription_suspended"],
    "2026-03-18": ["payment_received", "subscription_reactivated"],
    "2026-03-25": ["subscription_change_scheduled"],
    "2026-04-15": ["subscription_renewal_near"],
    "2026-04-18": ["payment_received", "subscription_plan_changed"],
    "2026-04-25": ["subscription_cancelled"],
    "2026-05-11": ["subscription_winback", "subscription_kept"],
    "2026-05-15": ["subscription_renewal_near"],
    "2026-05-18": ["payment_received"],
}


@pytest.fixture(params=VARIANTS.values(), ids=list(VARIANTS))
def life(
    request: pytest.FixtureRequest,
    transactional_db: None,
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
) -> Iterator[Life]:
    variant: Variant = request.param
    settings.PUBLIC_URL = live_server.url
    cache.clear()
    with (
        time_machine.travel(BEGINNING, tick=True) as clock,
        variant.opened(clock, variant.desk()) as where,
        browsers.visitor(browser, live_server, theme=variant.theme, width=variant.width) as context,
    ):
        yield Life(context.new_page(), where)


def test_from_the_first_page_to_the_day_on_which_it_is_worth_staying(life: Life) -> None:
    where = life.where
    with no_complaints(life.page):
        begins(life)
        grows(life)
        cannot_pay(life)
        pays_and_shrinks(life)
        leaves_and_stays(life)
    assert where.has_gone_wrong()
    assert charges(where.world) == CHARGES
    assert where.diary() == [(day, kind) for day, kinds in MAILS.items() for kind in kinds]
    assert not (findings := examine(where.world, where.desk.gateway, term_number=5)), findings
    taken = [amount for _purpose, outcome, amount in CHARGES if outcome == "succeeded"]
    assert sorted(one.amount for one in where.desk.gateway.taken(where.world.id)) == sorted(taken)


def begins(life: Life) -> None:
    """A stranger buys, is shown the way to the service once, and what it used is counted."""
    life.buys("basic", says="You pay €29.90 now.")
    assert charges(life.where.world) == CHARGES[:1]
    life.reads("subscription_started", "Basic")
    life.is_shown_the_login()
    life.where.until("2026-02-03")
    life.where.uses("gigabytes", 40)
    life.comes_back()
    life.sees("Active", "€29.90 per month", "Feb 28, 2026 · €29.90", "40 of 100", "60 left")


def grows(life: Life) -> None:
    """An upgrade takes effect at once, for what its quote says; the next card is one that will be declined."""
    life.where.until("2026-02-10")
    life.comes_back()
    life.changes_plan("Upgrade: Plus", says=("29.90 × 18/28 days unused", "−€19.22", "€40.68", "Mar 10, 2026 · €59.90"))
    life.sees("Plus", "€59.90 per month", "Mar 10, 2026")
    life.where.until("2026-02-20")
    life.comes_back()
    life.sees("0 of 500")
    life.gives_card(life.where.desk.poor)
    assert charges(life.where.world) == CHARGES[:2]


def cannot_pay(life: Life) -> None:
    """The renewal is declined and tried again, grace follows, and then it is blocked."""
    life.where.until("2026-03-10")
    life.comes_back()
    life.sees("We try again on Mar 11, 2026, Mar 13, 2026, and Mar 15, 2026.", "To pay: €59.90", "Retrying payment")
    life.reads(
        "subscription_payment_failed", "We will try again on March 11, 2026, March 13, 2026, and March 15, 2026."
    )
    life.where.until("2026-03-15")
    life.comes_back()
    life.sees("You have full access until Mar 16, 2026.", "To pay: €59.90", "Grace")
    life.misses("We try again")
    life.reads("subscription_grace_started", "March 17, 2026, 0:00")
    life.where.until("2026-03-17")
    life.comes_back()
    life.sees("It is blocked because a payment is missing.", "suspended since Mar 17, 2026", "Suspended")


def pays_and_shrinks(life: Life) -> None:
    """Another card pays and opens it at once; a smaller plan begins with the next period."""
    life.where.until("2026-03-18")
    life.comes_back()
    life.gives_card(life.where.desk.good, says="€59.90")
    assert charges(life.where.world) == CHARGES[:7]
    life.comes_back()
    life.sees("Active", "Apr 18, 2026 · €59.90")
    life.misses("blocked", "To pay")
    life.where.until("2026-03-25")
    life.comes_back()
    life.changes_plan("Downgrade: Basic", says=("Apr 18, 2026 · €29.90", "Nothing is charged now"))
    life.sees("From Apr 18, 2026 on: Basic, €29.90 per month.", "Plus")
    life.where.until("2026-04-18")
    life.comes_back()
    life.sees("Basic", "€29.90 per month", "0 of 100", "May 18, 2026 · €29.90")


def leaves_and_stays(life: Life) -> None:
    """Nothing holds who wants to leave; the mail a week before the end brings the customer back for less."""
    life.where.until("2026-04-25")
    life.comes_back()
    life.cancels_anyway(offered="Pause", says="It ends on May 18, 2026 and is not renewed.")
    life.sees("It ends on May 18, 2026. Until then everything works.", "Cancelling")
    life.where.until("2026-05-11")
    text = life.reads("subscription_winback", "it costs 50% less from the next billing on")
    [link] = re.findall(r"http\S+/stay/", text)
    life.stays(link, says="Stay, and pay 50 % less for your next period.")
    life.comes_back()
    life.sees("Active", "May 18, 2026 · €14.95")
    life.where.until("2026-05-18")
    life.comes_back()
    life.sees("Active", "Jun 18, 2026 · €29.90")
