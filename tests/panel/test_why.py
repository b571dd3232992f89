"""Behind every hold, collection and mail there is a reason, from what was pinned and recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.gateway.registry import gateway_named
from billing.methods.services import add_method
from billing.queries.invoice_list import invoices_of
from partnerpanel.kernel.ids import public
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out, suspend
from tests.people import Person
from tests.world import World

DECLINES = "sandbox_soft_decline"
APRIL = {day: datetime(2026, 4, day, 9, 0, tzinfo=UTC) for day in (6, 7, 9, 11, 12, 14, 15)}


@dataclass
class Panel:
    """What the owner reads on the pages of one customer."""

    world: World
    owner: Person

    def reasons(self, path: str) -> str:
        """All reasons of a page as one text."""
        page = self.owner.client().get(f"/panel/{self.world.partner.slug}/{path}/").content.decode()
        lists = re.findall(r'<ul class="why-reasons">(.*?)</ul>', page, re.DOTALL)
        return unescape(" ".join(re.sub(r"<[^>]+>", " ", text) for text in lists))

    def banner(self, customer: UUID) -> str:
        page = self.owner.client().get(f"/panel/{self.world.partner.slug}/customers/{public('cus', customer)}/")
        return " ".join(re.findall(r'<div class="alert tone-amber">(.*?)</details>', page.content.decode(), re.DOTALL))

    def of_customer(self, customer: UUID) -> str:
        return self.reasons(f"customers/{public('cus', customer)}")


@pytest.fixture
def panel(world: World, owner: Person) -> Panel:
    return Panel(world, owner)


@pytest.fixture(autouse=True)
def _before_the_deadline() -> Iterator[None]:
    with time_machine.travel(APRIL[14], tick=False):
        yield


def keep_card(world: World, customer: UUID, card: str) -> None:
    """It is charged from the next attempt on."""
    with tenant(world.id):
        facts = gateway_named("sandbox").describe_method(world.id, card)
        add_method(customer, gateway="sandbox", ref=card, facts=facts, actor=world.system, now=world.now)


def declining(world: World, **policy: object) -> UUID:
    """A customer whose card is declined at the renewal, under a policy of its partner."""
    customer = world.customer()
    change_policy(world, **policy)
    keep_card(world, customer, DECLINES)
    world.subscription(customer=customer)
    return customer


def change_policy(world: World, **keys: object) -> None:
    document = {name.replace("__", "."): value for name, value in keys.items()}
    with tenant(world.id):
        set_policy(
            scope_kind=ScopeKind.PARTNER,
            scope_id=world.id,
            preset=None,
            document=document,
            actor=world.system,
            now=world.now,
        )


def lives(world: World, *days: int) -> None:
    """What is due on these days of April happens, and the mails go out."""
    for day in days:
        world.drain("subscriptions", "charges", "outbox", "mail", now=APRIL[day])


def invoice_of(world: World, customer: UUID) -> UUID:
    with tenant(world.id):
        return invoices_of(world.id, customer, limit=1)[0].id


def test_a_charge_that_waits_for_the_customer_is_not_said_to_be_tried_again(panel: Panel, world: World) -> None:
    customer = declining(world, grace__days=9)
    lives(world, 6, 7)
    with time_machine.travel(APRIL[9], tick=False):
        assert "It is charged again on Apr 11, 2026." in panel.banner(customer)
    keep_card(world, customer, "sandbox_authentication")
    lives(world, 9)
    with time_machine.travel(APRIL[9], tick=False):
        assert "It is charged again on Apr 11, 2026." not in panel.banner(customer)
        assert "If it is not paid before Apr 15, 2026" in panel.banner(customer)


def test_an_unpaid_renewal_says_which_rule_set_each_day(panel: Panel, world: World) -> None:
    customer = declining(world, grace__days=9)
    lives(world, 6, 7)
    change_policy(world, grace__days=20)
    lives(world, 9, 11, 14)
    assert "If it is not paid before Apr 15, 2026, it is suspended on that day" in panel.banner(customer)
    deadline = "The deadline is the beginning of Apr 15, 2026: 9 days after the first attempt. (set in: your policy"
    for said in (panel.of_customer(customer), panel.reasons(f"invoices/{public('inv', invoice_of(world, customer))}")):
        assert "The payment was first asked for on Apr 6, 2026." in said
        assert "on Apr 7, 2026, Apr 9, 2026, and Apr 11, 2026: 1, 3, and 5 days after the first attempt." in said
        assert (
            "Grace starts on Apr 11, 2026, when the last attempt has failed. (as nobody has set it otherwise)" in said
        )
        assert f"{deadline}, version 1)" in said
        assert "These are the rules of Apr 6, 2026" in said
    lives(world, 15)
    with time_machine.travel(APRIL[15], tick=False):
        assert panel.banner(customer) == ""
    said = panel.of_customer(customer)
    assert "It was placed by the system on Apr 15, 2026." in said
    assert "A payment releases it by itself." in said
    assert f"{deadline}, version 1)" in said
    assert "20 days" not in said
    assert "It tells of this: Warned of the suspension, Apr 14, 2026." in said
    assert "It tells of this: Subscription suspended: Unpaid, Apr 15, 2026." in said
    assert "It was sent: the mail server took it." in said


def test_an_arabic_page_runs_from_the_right_and_marks_what_is_english(panel: Panel, world: World) -> None:
    customer = world.customer()
    world.subscription("held by hand", customer=customer)
    client = panel.owner.client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    page = client.get(f"/panel/{world.partner.slug}/customers/{public('cus', customer)}/").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "لماذا؟" in page
    assert '<li lang="en" dir="auto">It was placed by the system on Mar 15, 2026.</li>' in page


def test_a_frozen_account_names_the_rule_that_froze_it(panel: Panel, world: World) -> None:
    customer = declining(world, grace__days=9, grace__then="freeze")
    lives(world, 6, 7, 9, 11, 14, 15)
    said = panel.of_customer(customer)
    frozen = "At the deadline everything of the customer is frozen until it is paid. (set in: your policy, version 1)"
    assert said.count(frozen) >= 3, "the hold, the collection and the mail"
    assert "It tells of this: Account suspended: Unpaid, Apr 15, 2026." in said


def test_a_hold_by_hand_names_its_person(panel: Panel, world: World) -> None:
    customer = world.customer()
    subscription = world.subscription(customer=customer)
    carry_out(suspend(customer, subscription, HoldKind.ABUSE, "sends spam"), panel.owner)
    world.drain("outbox")
    said = panel.of_customer(customer)
    assert "It was placed by Owner of Eastwind on Mar 15, 2026." in said
    assert "Only a person releases it." in said
    assert "It has not been sent yet" in said
    assert "first asked for" not in said


def test_a_reminder_says_how_long_before_the_end_it_came(panel: Panel, world: World) -> None:
    customer = declining(world)
    world.drain("subscriptions", "outbox", now=datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    assert "The period ends on Apr 5, 2026: 3 days later." in panel.of_customer(customer)


def test_reasons_cost_as_many_queries_for_much_as_for_little(panel: Panel, world: World) -> None:
    customer, counted = declining(world), []
    for _ in range(2):
        world.subscription(customer=customer)
        lives(world, 6, 7, 9, 11, 12, 14)
        with CaptureQueriesContext(connection) as queries:
            panel.of_customer(customer)
        counted.append(len(queries))
    assert counted[0] == counted[1]
