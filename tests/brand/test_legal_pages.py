"""The partner's legal pages stand below its customers' pages and mails; no address leads anywhere unencrypted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from notifications.looks import look_of
from partnerpanel.actions.brand import set_brand
from partnerpanel.brand.queries import brand_of
from partnerpanel.brand.rules.checks import Brand, InvalidBrand, checked_brand
from partnerpanel.tenancy.scope import tenant
from tests.people import Team
from tests.world import World

ADDRESSES = {
    "terms_url": "https://bakery.de/terms",
    "privacy_url": "https://www.bakery.de:8443/privacy?of=customers#top",
    "imprint_url": "https://bakery.de",
    "support_url": "https://xn--bckerei-5wa.de/help/",
}


@pytest.mark.parametrize(
    "wrong",
    ["http://bakery.de/", "javascript:alert(1)", "//bakery.de/", "bakery.de", "https://", "https://bakery",
     "https://anna:secret@bakery.de/", "https://bakery.de/\"><script>", "https://bakery.de/a b", "https://bäckerei.de/",
     "https://bakery.de/\nx", "https://bakery.de\\@evil.de", "https://bakery.de/" + "x" * 300],
)  # fmt: skip
@pytest.mark.parametrize("field", ADDRESSES)
def test_only_an_encrypted_page_is_taken_and_the_field_is_named(field: str, wrong: str) -> None:
    with pytest.raises(InvalidBrand) as refused:
        checked_brand(replace(Brand(), **{field: wrong}))
    assert refused.value.field == field


@pytest.mark.django_db
def test_they_stand_below_every_page_of_the_portal_and_below_mails(world: World, team: Team) -> None:
    path = f"/p/{world.partner.slug}/sign-in/"
    before = Client().get(path).content.decode()
    set_brand(Brand(**ADDRESSES), version=0, actor=team.owner.actor, now=world.now)
    after = Client().get(path).content.decode()
    for address in ADDRESSES.values():
        assert f'href="{address}"' not in before
        assert f'href="{address}"' in after
    with tenant(world.id):
        look = look_of(world.id, brand_of(world.id), name=world.partner.name)
    assert look.signature[-2:] == (ADDRESSES["imprint_url"], ADDRESSES["privacy_url"])


@pytest.mark.django_db
def test_the_settings_keep_them_and_say_which_is_wrong(world: World, team: Team) -> None:
    client, path = team.owner.client(), f"/panel/{world.partner.slug}/settings/brand/edit/"
    form = {"accent": "#1f4f82", "version": "0", **ADDRESSES}
    refused = client.post(path, {**form, "terms_url": "http://bakery.de/terms"})
    assert refused.status_code == 422
    assert "it has to begin with https://" in refused.content.decode()
    client.post(path, form)
    with tenant(world.id):
        assert brand_of(world.id).brand.terms_url == ADDRESSES["terms_url"]
