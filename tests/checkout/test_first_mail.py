"""Who buys is told that it has begun and how to get in by one mail, whose link works once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from notifications import worker
from notifications.delivery import Delivery, Fate
from notifications.models import Message
from notifications.owned.services import save_text
from notifications.welcome import WAITS_FOR
from partnerpanel.events.models import Event
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.scope import tenant
from tests.checkout.buyers import Buyer, sells
from tests.people import Team
from tests.world import World

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://testserver(/credentials/\S+?)#(\S+)")


def buys(shop: World, team: Team) -> None:
    """As far as the paid order; nothing is sent or set up yet."""
    buyer = Buyer(shop, sells(shop, team.owner))
    buyer.begins()
    buyer.proves()
    buyer.orders()
    buyer.pays()
    mail.outbox.clear()


def mailed() -> list[tuple[str, bool]]:
    """What has been sent since, by its subject, and whether it has the link."""
    return [(str(one.subject), bool(LINK.search(str(one.body)))) for one in mail.outbox]


def begun_of(found: list[tuple[str, bool]]) -> list[bool]:
    return [has_link for subject, has_link in found if "has begun" in subject]


def apart_of(found: list[tuple[str, bool]]) -> list[bool]:
    return [has_link for subject, has_link in found if "Your credentials" in subject]


def sent_events(shop: World) -> int:
    with tenant(shop.id):
        return Event.objects.for_partner(shop.id).filter(kind="service_account.credentials_sent").count()


def test_one_mail_says_that_it_has_begun_and_shows_the_credentials_once(shop: World, team: Team) -> None:
    buys(shop, team)
    shop.drain("outbox", "mail", now=system_now())
    assert begun_of(mailed()) == [], "it waits for the service"
    shop.drain("outbox", "provisioning", now=system_now())
    shop.drain("outbox", "mail", now=system_now() + timedelta(seconds=11))
    assert (begun_of(mailed()), apart_of(mailed())) == ([True], [])
    assert sent_events(shop) == 1
    [body] = [str(one.body) for one in mail.outbox if "has begun" in one.subject]
    found = LINK.search(body)
    assert found is not None
    with tenant(shop.id):
        [copy] = Message.objects.for_partner(shop.id).filter(kind="subscription_started").values_list("body", flat=True)
    assert found[2] not in copy
    client = Client()
    assert "Show my credentials" in client.get(found[1]).content.decode()
    first, second = (client.post(found[1], {"code": found[2]}).content.decode() for _ in range(2))
    assert "no longer works" not in first
    assert "no longer works" in second


def test_a_service_that_is_set_up_late_has_a_mail_of_its_own(shop: World, team: Team) -> None:
    buys(shop, team)
    later = system_now() + WAITS_FOR + timedelta(seconds=1)
    shop.drain("outbox", now=system_now())
    shop.drain("mail", now=later)
    assert (begun_of(mailed()), apart_of(mailed())) == ([False], [])
    shop.drain("provisioning", "outbox", "mail", now=later)
    assert (begun_of(mailed()), apart_of(mailed())) == ([False], [True])
    assert sent_events(shop) == 1


def test_words_without_a_place_for_the_link_have_a_mail_beside_them(shop: World, team: Team) -> None:
    with tenant(shop.id):
        save_text(
            "subscription_started", "en", subject="It has begun", body="Hello {{ customer.name }}", version=None,
            actor=team.owner.actor, now=system_now(),
        )  # fmt: skip
    buys(shop, team)
    shop.drain("outbox", "provisioning", "mail", now=system_now())
    shop.drain("outbox", "mail", now=system_now() + timedelta(seconds=11))
    assert (begun_of(mailed()), apart_of(mailed())) == ([False], [True])


def test_a_first_mail_that_may_not_have_arrived_is_followed_by_the_credentials(
    shop: World, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    buys(shop, team)
    shop.drain("outbox", "provisioning", now=system_now())
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_hand_over", lambda *_: Delivery(Fate.UNKNOWN, "hung up"))
        shop.drain("mail", now=system_now())
    shop.drain("outbox", "mail", now=system_now())
    assert apart_of(mailed()) == [True]


def test_a_first_mail_that_was_refused_carries_them_when_it_is_tried_again(
    shop: World, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    buys(shop, team)
    shop.drain("outbox", "provisioning", now=system_now())
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_hand_over", lambda *_: Delivery(Fate.REFUSED, "450 later"))
        shop.drain("mail", "outbox", now=system_now())
    assert mailed() == []
    shop.drain("mail", now=system_now() + timedelta(minutes=2))
    shop.drain("outbox", "mail", now=system_now() + timedelta(minutes=8))
    assert (begun_of(mailed()), apart_of(mailed())) == ([True], [])
