"""A mail to many, from the filter of the customers' list to the inbox, and out of it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from notifications.models import Message
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target as VerbTarget
from partnerpanel.embedded import inbox
from partnerpanel.embedded.ports import LOOPBACK, answers, free_port
from partnerpanel.embedded.processes import Children
from partnerpanel.embedded.smtp import start_catcher
from partnerpanel.embedded.state import State
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.registry import queue_named
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.actions.carry_out import carry_out
from tests.panel.conftest import Visit
from tests.panel.shop import Shop
from tests.post_office import SMTP_BACKEND, PostOffice
from tests.services.test_marketing import SECRET, bounce, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def caught(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """The inbox of the demo, which is the mail server of the settings."""
    state = State(tmp_path)
    children, port = Children(state), free_port()
    catcher = start_catcher(children, port=port, inbox=state.inbox)
    children.wait_until(lambda: answers(port), catcher, seconds=20)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP_BACKEND, LOOPBACK, port
    settings.INBOX_DIRECTORY = state.inbox
    yield state.inbox
    children.stop()


def five_minutes_pass(shop: Shop) -> None:
    for minutes in (6, 7, 8):
        for queue in ("outbox", "campaigns", "mail"):
            queue_named(queue).drain(shop.world.id, system_now() + timedelta(minutes=minutes))


def draft(page: Page, shop: Shop) -> None:
    """All active customers, chosen in their list, are written to."""
    page.goto(shop.url("customers/?tab=active"))
    page.get_by_label("Choose all rows of this page").check()
    page.get_by_role("group", name="Chosen rows").get_by_role("button", name="Campaign…").click()
    page.get_by_label("Title").fill("Spring sale")
    page.get_by_label("Kind").select_option("offers")
    page.get_by_label("Subject").fill("Half price")
    page.get_by_label("Text").fill("Hello {{ customer.name }}, **half** price.")
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_role("heading", name="How it reads")).to_be_visible()


def test_from_the_filter_to_the_inbox_and_out_of_it(visit: Visit, shop: Shop, caught: Path) -> None:
    page = visit(shop.url("customers/?tab=active"), user=shop.owner)
    draft(page, shop)
    main = page.get_by_role("main")
    expect(main).to_contain_text("2 customers get this mail.")
    expect(page.frame_locator(".mail-frame").locator(".letter")).to_contain_text("half price.")
    expect(page.frame_locator(".mail-frame").get_by_role("link", name="Receive no more of these mails")).to_be_visible()
    page.get_by_role("button", name="Yes, Send").click()
    expect(main).to_contain_text("Sending begins:")
    page.get_by_role("button", name="Recall").click()
    expect(page.locator(".toast")).to_contain_text("Nobody got it")
    page.get_by_role("button", name="Yes, Send").click()
    expect(main).to_contain_text("Sending begins:")
    five_minutes_pass(shop)
    page.reload()
    expect(main).to_contain_text("Done")

    mails = [mail for mail in inbox.newest(caught) if mail.subject == "Half price"]
    assert len({mail.receivers for mail in mails}) == len(mails) == 2
    page.goto("/inbox/")
    expect(page.get_by_text("Half price").first).to_be_visible()
    [mine] = [mail for mail in mails if "anna@alder.example" in mail.receivers]
    [link] = re.findall(r"http\S+/unsubscribe/\S+", mine.text)
    page.goto("/" + link.partition("://")[2].partition("/")[2])
    page.get_by_role("button", name="Yes, unsubscribe").click()
    expect(page.get_by_role("heading", name="You are unsubscribed")).to_be_visible()

    draft(page, shop)
    expect(main).to_contain_text("1 customer gets this mail.")
    expect(main).to_contain_text("The customer has unsubscribed.")


def test_a_mail_that_comes_back_is_seen_at_its_customer(visit: Visit, shop: Shop, settings: Settings) -> None:
    with PostOffice(refuses={"anna@alder.example"}) as office:
        office.serve(settings)
        page = visit(shop.url("customers/?tab=active"), user=shop.owner)
        draft(page, shop)
        page.get_by_role("button", name="Yes, Send").click()
        expect(page.get_by_role("main")).to_contain_text("Sending begins:")
        five_minutes_pass(shop)
    page.goto(shop.customer_url(shop.anna))
    expect(page.locator("#messages")).to_contain_text("Mails to this address come back")
    page.goto(shop.url("settings/messages/suppressed/"))
    expect(page.get_by_role("row", name="anna@alder.example")).to_contain_text("550 No such mailbox")


def test_a_bounce_that_a_provider_tells_of_ends_offers_and_no_mail_of_service(
    visit: Visit, shop: Shop, settings: Settings
) -> None:
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    with PostOffice() as office:
        office.serve(settings)
        page = visit(shop.url("customers/?tab=active"), user=shop.owner)
        draft(page, shop)
        page.get_by_role("button", name="Yes, Send").click()
        expect(page.get_by_role("main")).to_contain_text("Sending begins:")
        five_minutes_pass(shop)
        with tenant(shop.world.id):
            [sent] = Message.objects.for_partner(shop.world.id).filter(kind="campaign", customer=shop.anna)
        assert told(**bounce(shop.world, sent)).status_code == 200
        draft(page, shop)
        main = page.get_by_role("main")
        expect(main).to_contain_text("1 customer gets this mail.")
        page.goto(shop.customer_url(shop.anna))
        expect(page.locator("#messages")).to_contain_text("Mails to this address come back")
        carry_out(Suspend((VerbTarget(shop.anna),), HoldKind.MANUAL, "unpaid"), shop.team.owner)
        for queue in ("outbox", "mail"):
            queue_named(queue).drain(shop.world.id, system_now() + timedelta(minutes=9))
        assert [to for to in office.receivers if to == "anna@alder.example"] == ["anna@alder.example"] * 2
