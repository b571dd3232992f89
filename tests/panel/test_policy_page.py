"""Settings → Policy, and the same page of a plan, a customer and a subscription, asked for like without a script."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from partnerpanel.kernel.ids import public
from partnerpanel.panel.policy_words import GROUPS, LABELS
from partnerpanel.policy.queries import Scope, Target, history, resolve
from partnerpanel.policy.rules.acting import ACTING
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.tenancy.scope import tenant
from tests.people import Person, Team
from tests.policy.values import OTHER
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FIELD = re.compile(r"<input([^>]*)>")


def at(world: World, path: str = "settings/policy/") -> str:
    return f"/panel/{world.partner.slug}/{path}"


def filled(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back if nothing were touched."""
    data: dict[str, Any] = {}
    for found in FIELD.findall(client.get(address).content.decode()):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', found))
        kind = given.get("type")
        if "name" not in given or (kind in ("radio", "checkbox") and not re.search(r"\bchecked\b", found)):
            continue
        data[given["name"]] = unescape(given.get("value", ""))
    return data


def written(key: str, value: Any) -> dict[str, Any]:
    """A value as somebody writes it into the key's input."""
    name = key.replace(".", "-")
    if isinstance(value, dict):
        return {f"{name}_amount": f"{value['amount'] / 100:.2f}", f"{name}_currency": value["currency"]}
    if isinstance(value, list):
        return {name: ", ".join(map(str, value))}
    if isinstance(value, bool):
        return {name: str(value).lower()}
    return {name: "" if value is None else str(value)}


def holds(world: World, target: Target | None = None) -> Any:
    with tenant(world.id):
        [found] = resolve(world.id, [target or Target()])
    return found


def versions(world: World, kind: ScopeKind = ScopeKind.PARTNER, id_: UUID | None = None) -> list[Any]:
    with tenant(world.id):
        return [one.document for one in history(world.id, Scope(kind, id_ or world.id))]


def test_every_key_has_a_label_and_one_place() -> None:
    assert list(LABELS) == list(KEYS)
    for key in KEYS:
        assert sum(key.startswith(prefixes) for _, _, prefixes in GROUPS) == 1, key


def test_every_key_is_edited_on_the_page_and_shown_as_it_is(world: World, owner: Person) -> None:
    client, address = owner.client(), at(world)
    data = filled(client, address)
    for key, value in OTHER.items():
        data |= written(key, value)
    assert client.post(address, data).status_code == 302
    assert versions(world) == [OTHER]
    again = filled(client, address)
    assert {name: again[name] for name in written("grace.days", 12)} == written("grace.days", 12)
    for key, value in OTHER.items():
        assert again | written(key, value) == again, key
    text = client.get(address).content.decode()
    idle = sum(not one.acts for one in ACTING.values())
    assert text.count("Nothing acts on it yet") == idle


def test_nothing_touched_writes_nothing(world: World, owner: Person) -> None:
    client = owner.client()
    client.post(at(world), filled(client, at(world)))
    assert versions(world) == []


def test_the_preview_tells_the_difference_and_writes_nothing(world: World, owner: Person) -> None:
    client = owner.client()
    data = filled(client, at(world)) | {"grace-days": "10", "sla-hours-critical": "2", "loyalty-enabled": "true"}
    text = client.post(at(world) + "?preview", data).content.decode()
    assert "The deadline is 7 days after the first attempt, at midnight." in text
    assert "The deadline is 10 days after the first attempt, at midnight." in text
    assert "Nothing acts on this yet: Hours to the first answer: critical" in text
    assert "After every 12 paid months, 1 month is free." in text
    assert versions(world) == []
    wrong = client.post(at(world) + "?preview", data | {"grace-days": "0"}).content.decode()
    assert "This cannot be saved yet" in wrong
    assert "Days until the deadline" in wrong


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grace-days", "0"),
        ("grace-days", "seven"),
        ("grace-days", ""),
        ("grace-then", "explode"),
        ("retry-offsets_days", "5, 3"),
        ("retry-offsets_days", "1, x"),
        ("welcome-days", "0, 1"),
        ("grace-renew_after-cap_amount", "-5"),
        ("loyalty-enabled", "perhaps"),
        ("shown", "{}"),
        ("shown", "[]"),
        ("based_on", "x"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(world: World, owner: Person, name: str, value: str) -> None:
    client = owner.client()
    data = filled(client, at(world)) | {"grace-renew_after-cap_currency": "EUR", "grace-access": "limited", name: value}
    answer = client.post(at(world), data)
    assert answer.status_code == 422
    assert versions(world) == []
    key = name.removesuffix("_amount").replace("-", ".")
    if key in LABELS:
        assert f"<strong>{unescape(str(LABELS[key]))}:</strong>" in answer.content.decode()


def test_a_key_is_reset_to_the_level_above(world: World, owner: Person) -> None:
    client = owner.client()
    client.post(at(world), filled(client, at(world)) | {"grace-days": "12", "grace-access": "limited"})
    assert (
        "Reset: The deadline is 7 days after the first attempt, at midnight." in client.get(at(world)).content.decode()
    )
    client.post(at(world), filled(client, at(world)) | {"reset-grace-days": "on"})
    assert versions(world)[0] == {"grace.access": "limited"}


def test_a_preset_fills_what_nobody_set_and_an_old_version_comes_back(world: World, owner: Person) -> None:
    client = owner.client()
    client.post(at(world), filled(client, at(world)) | {"grace-access": "limited"})
    shown = client.get(at(world) + "?preset=extended").content.decode()
    assert "15 days after the first attempt" in shown
    client.post(at(world), filled(client, at(world) + "?preset=extended"))
    found = holds(world)
    assert (found.policy.grace.days, found.policy.grace.access.value) == (15, "limited")
    assert versions(world)[0] == {"grace.access": "limited"}
    client.post(at(world), filled(client, at(world) + "?version=1"))
    assert holds(world).policy.grace.days == 7
    assert len(versions(world)) == 3
    assert client.get(at(world) + "?version=99").status_code == 422
    assert client.get(at(world) + "?preset=generous").status_code == 422


def test_who_was_slower_sees_what_the_other_did_and_saves_both(world: World, owner: Person) -> None:
    client = owner.client()
    mine = filled(client, at(world)) | {"grace-days": "12"}
    client.post(at(world), filled(client, at(world)) | {"grace-access": "limited"})
    answer = client.post(at(world), mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this policy meanwhile" in text
    assert "During grace the customer has limited access." in text
    assert len(versions(world)) == 1
    refilled = {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', text)
    }
    assert client.post(at(world), mine | {"grace-access": "limited"} | refilled).status_code == 302
    assert versions(world)[0] == {"grace.days": 12, "grace.access": "limited"}


def test_plan_customer_and_subscription_have_pages_of_their_own(world: World, owner: Person) -> None:
    client, plan, customer = owner.client(), world.plan(), world.customer()
    subscription = world.subscription(customer=customer, plan_id=plan)
    target = Target(plan, customer, subscription)
    for days, kind, id_, path in (
        (11, ScopeKind.PLAN, plan, f"plans/{public('plan', plan)}/policy/"),
        (12, ScopeKind.CUSTOMER, customer, f"customers/{public('cus', customer)}/policy/"),
        (13, ScopeKind.SUBSCRIPTION, subscription, f"subscriptions/{public('sub', subscription)}/policy/"),
    ):
        data = filled(client, at(world, path)) | {"grace-days": str(days)}
        assert client.post(at(world, path), data).status_code == 302, path
        assert versions(world, kind, id_) == [{"grace.days": days}]
        assert holds(world, target).policy.grace.days == days
        assert client.post(at(world, path), data | {"preset": "strict"}).status_code in (409, 422)
    text = client.get(at(world, f"subscriptions/{public('sub', subscription)}/policy/")).content.decode()
    assert "Reset: The deadline is 12 days after the first attempt, at midnight." in text
    assert holds(world).policy.grace.days == 7


def test_a_colleague_who_may_only_read_reads_and_a_stranger_finds_nothing(
    world: World, team: Team, stranger: Person
) -> None:
    reader = team.read_only.client()
    text = reader.get(at(world)).content.decode()
    assert "Only owners and admins change settings." in text
    assert "Save policy" not in text
    assert reader.post(at(world), {"grace-days": "12"}).status_code == 403
    assert stranger.client().get(at(world)).status_code == 404
    customer = world.customer()
    foreign = f"/panel/{stranger.partner.slug}/customers/{public('cus', customer)}/policy/"
    assert stranger.client().get(foreign).status_code == 404
    assert stranger.client().post(foreign, {}).status_code == 404
    assert versions(world) == []
