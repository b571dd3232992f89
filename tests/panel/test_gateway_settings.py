"""An owner connects Stripe, hears from it, replaces key and secret and lets it go; nobody sees a key again."""

from __future__ import annotations

import pytest
from django.test import Client

from billing.gateway.stripe.accounts import connection_of, disconnect
from billing.models import GatewayNews
from partnerpanel.embedded.stripe.post import Post
from partnerpanel.embedded.stripe.server import Double
from partnerpanel.events.models import Event
from partnerpanel.tenancy.scope import tenant
from tests.billing.gateway.stripe_worlds import KEY, double, put
from tests.panel.scriptless import text
from tests.people import Team
from tests.world import World

__all__ = ["double"]

NEW_KEY = "rk_test_another0000WXYZ"


def at(world: World, rest: str = "") -> str:
    return f"/panel/{world.partner.slug}/settings/payments/{rest}"


def does(client: Client, world: World, popup: str, **data: str) -> str:
    """Opens the popup as somebody without a script does, fills it in and confirms; what is said then."""
    page = client.get(at(world, popup))
    shown = page.context or {}
    version = page.content.decode().partition('name="version" value="')[2].partition('"')[0]
    assert version, shown
    return text(client.post(at(world, popup), {"version": version, **data}, follow=True))


def test_stripe_is_connected_heard_tried_and_let_go(double: Double, world: World, team: Team) -> None:
    disconnect(actor=world.system, now=world.now)
    owner, account = team.owner.client(), double.accounts[KEY]
    assert "Not connected" in text(owner.get(at(world)))
    assert "begins with sk_ or rk_" in does(owner, world, "connect/", key="pk_test_1234567890")
    assert "Stripe is connected." in does(owner, world, "connect/", key=KEY)
    [endpoint] = account.of("webhook_endpoint")
    page = text(owner.get(at(world)))
    for words in (account.id, "Test: no money moves", f"…{KEY[-4:]}", endpoint["url"], "Nothing came yet"):
        assert words in page
    assert "Stripe answers, and takes this key." in text(owner.post(at(world, "try/"), follow=True))

    account.tell("charge.refunded", {"id": "ch_1", "payment_intent": "pi_1", "metadata": {}})
    Post(put).deliver(account)
    assert "charge.refunded" in text(owner.get(at(world)))

    double.accounts[NEW_KEY] = account
    assert "Stripe is connected." in does(owner, world, "connect/", key=NEW_KEY)
    assert "…WXYZ" in text(owner.get(at(world)))
    assert [one["id"] for one in account.of("webhook_endpoint")] == [endpoint["id"]]
    assert "from now on" in does(owner, world, "endpoint/")
    assert "the one before is taken until" in text(owner.get(at(world)))
    assert "begins with whsec_" in does(owner, world, "secret/", secret="sk_test_1234567890")
    assert "is kept" in does(owner, world, "secret/", secret="whsec_12345678abcd")
    page = text(owner.get(at(world)))
    assert "…abcd" in page
    for secret in (KEY, NEW_KEY, endpoint["_secret"], "whsec_12345678abcd"):
        assert secret not in owner.get(at(world)).content.decode()

    assert "Stripe is disconnected." in does(owner, world, "disconnect/")
    assert connection_of(world.id) is None
    assert "Not connected" in text(owner.get(at(world)))
    with tenant(world.id):
        told = Event.objects.for_partner(world.id).filter(object_type="stripe_account", actor_id=team.owner.user.pk)
        kinds = [one.kind.removeprefix("gateway.") for one in told.order_by("pk")]
        assert GatewayNews.objects.for_partner(world.id).count() == 1
    assert kinds == ["connected", "secret_set", "connected", "secret_set", "secret_set", "disconnected"]


def test_whoever_was_quicker_is_not_overwritten(double: Double, world: World, team: Team) -> None:
    client = team.owner.client()
    answer = client.post(at(world, "disconnect/"), {"version": "0"})
    assert answer.status_code == 409
    assert connection_of(world.id) is not None


def test_a_key_that_may_make_no_endpoint_is_connected_and_the_page_says_what_to_do(
    double: Double, world: World, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.without_endpoints.add(KEY)
    assert "make it by hand" in does(team.owner.client(), world, "connect/", key=KEY)
    assert "Stripe tells us nothing yet" in text(team.owner.client().get(at(world)))
    assert "enter its signing secret" in does(team.owner.client(), world, "endpoint/")


def test_a_stripe_that_is_away_is_said_so_and_nothing_is_changed(double: Double, world: World, team: Team) -> None:
    double.is_down = True
    client = team.owner.client()
    assert "gives no answer" in text(client.post(at(world, "try/"), follow=True))
    assert "gives no answer" in does(client, world, "connect/", key=NEW_KEY)
    with tenant(world.id):
        assert not Event.objects.for_partner(world.id).filter(actor_id=team.owner.user.pk).exists()
