"""Another try for a service account that waits for a person."""

from __future__ import annotations

import pytest

from partnerpanel.events.queries import timeline
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.services import create_twin
from subscriptions.models import ServiceAccount
from subscriptions.services.repair import retry_account
from tests.people import Person, make_partner
from tests.world import NOW, World


def parked(world: World) -> ServiceAccount:
    """An account whose tries are used up."""
    account = world.read_account(world.subscription())
    with tenant(world.id):
        ServiceAccount.objects.filter(pk=account.pk).update(parked_at=NOW, attempts=5, due_at=NOW)
    return account


def test_a_parked_account_is_tried_again_with_all_its_tries_and_the_timeline_says_who(
    world: World, owner: Person
) -> None:
    account = parked(world)
    with tenant(world.id):
        retry_account(account.pk, actor=owner.actor, now=NOW)
        row = ServiceAccount.objects.select_related("subscription").get(pk=account.pk)
        newest = timeline(world.id, row.subscription.customer_id, limit=1)[0]
    assert (row.parked_at, row.attempts, row.due_at) == (None, 0, NOW)
    assert (newest.kind, newest.actor_id) == ("service_account.retried", owner.user.pk)
    world.drain("provisioning")
    assert world.read_account(row.subscription_id).actual == "enabled"


def test_an_account_that_waits_for_nobody_is_not_found(world: World, owner: Person) -> None:
    account = world.read_account(world.subscription())
    with tenant(world.id), pytest.raises(NotFound):
        retry_account(account.pk, actor=owner.actor, now=NOW)


def test_another_partners_account_is_not_found(world: World, stranger: Person) -> None:
    account = parked(world)
    with tenant(stranger.partner.pk), pytest.raises(NotFound):
        retry_account(account.pk, actor=stranger.actor, now=NOW)


def test_a_twin_finds_a_short_name_even_where_the_first_is_taken(owner: Person) -> None:
    make_partner(f"{owner.partner.slug}-test")
    assert create_twin(owner.partner, now=NOW).slug == f"{owner.partner.slug}-test-2"
