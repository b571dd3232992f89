"""Settings › Messages: the list, the editor with its preview, a test to oneself, history and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from notifications.owned.queries import further_texts
from partnerpanel.tenancy.scope import tenant
from tests.panel.scriptless import text
from tests.people import Person
from tests.post_office import PostOffice
from tests.world import World

NAME = "subscription_cancelled"


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as office:
        office.serve(settings)
        yield office


def at(world: World, rest: str = "") -> str:
    return f"/panel/{world.partner.slug}/settings/messages/{rest}"


def test_the_list_names_every_text_in_both_languages(world: World, colleague: Person) -> None:
    page = text(colleague.client().get(at(world)))
    for said in ("Subscription cancelled", "Payment failed: the card is refused for good", "Copy of an invoice"):
        assert said in page
    assert "Only owners and admins change settings" in page


def test_a_text_is_read_changed_tested_reset_and_restored(world: World, owner: Person, office: PostOffice) -> None:
    client, page = owner.client(), at(world, f"{NAME}/en/")
    assert "We have cancelled your subscription" in text(client.get(page))
    data = {"subject": "Goodbye", "body": "Dear {{ customer.name }}", "version": "0", "customer": ""}
    preview = text(client.post(f"{page}?preview", data))
    assert "Dear Anna Berger" in preview
    assert "The plan" in preview, "it warns of what the text leaves out"
    assert "A test is sent to owner@eastwind.example" in text(client.post(page, data | {"test": "1"}))
    assert office.mails[0]["Subject"] == "[Test] Goodbye"
    assert "As it comes" in text(client.get(page)), "a test saves nothing"
    assert "used from the next mail on" in text(client.post(page, data, follow=True))
    assert client.get(f"{page}reset/").status_code == 200
    assert "as it comes again" in text(client.post(f"{page}reset/", {"version": "1"}, follow=True))
    assert "Dear {{ customer.name }}" in client.get(f"{page}?version=1").content.decode()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(world: World, owner: Person) -> None:
    client, page = owner.client(), at(world, f"{NAME}/en/")
    answer = client.post(page, {"subject": "S", "body": "{{ settings.SECRET_KEY }}", "version": "0"})
    assert answer.status_code == 422
    assert "names “settings.SECRET_KEY”" in text(answer)
    moved = client.post(page, {"subject": "S", "body": "B", "version": "7"})
    assert moved.status_code == 409
    assert "Somebody else changed this text" in text(moved)
    assert "As it comes" in text(client.get(page))


def test_hostile_input_is_shown_and_never_run(world: World, owner: Person) -> None:
    data = {"subject": "<script>alert(1)</script>", "body": "<img src=x onerror=alert(1)> [x](javascript:alert(1))"}
    preview = owner.client().post(f"{at(world, f'{NAME}/en/')}?preview", data).content.decode()
    assert "<script" not in preview
    assert "<img" not in preview
    assert 'href="javascript' not in preview


def test_a_template_of_ones_own_is_added_and_archived(world: World, owner: Person) -> None:
    client = owner.client()
    new = {"title": "Maintenance", "language": "en", "subject": "Work", "body": "Hello"}
    assert "Maintenance" in text(client.post(at(world, "new/"), new, follow=True))
    with tenant(world.id):
        [line] = further_texts(world.id)
    page = at(world, f"{line.name}/en/")
    about = {"title": "Repairs", "version": str(line.version)}
    assert "Repairs" in text(client.post(f"{page}about/", about, follow=True))
    assert "is archived" in text(client.post(f"{page}archive/", {"version": str(line.version + 1)}, follow=True))
    assert client.get(at(world, f"{line.name}/de/")).status_code == 200


@pytest.mark.parametrize("rest", ["no_such_text/en/", f"{NAME}/tlh/", "own_0/en/"])
def test_a_text_that_there_is_none_of_is_not_found(world: World, owner: Person, rest: str) -> None:
    assert owner.client().get(at(world, rest)).status_code == 404


def test_another_partners_template_is_not_found(world: World, owner: Person, other_world: World) -> None:
    new = {"title": "Mine", "language": "en", "subject": "Work", "body": "Hello"}
    owner.client().post(at(world, "new/"), new)
    with tenant(world.id):
        [line] = further_texts(world.id)
    stranger_at = f"/panel/{other_world.partner.slug}/settings/messages/{line.name}/en/"
    assert owner.client().get(stranger_at).status_code == 404
