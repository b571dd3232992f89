"""At least one real row of every tenant model, made the way the product makes it.

A new model makes `test_every_tenant_model_has_a_row_to_attack` fail until it is made here too.
"""

from __future__ import annotations

from uuid import UUID

from customers.services.notes import add_note
from customers.services.tagging import set_tags
from partnerpanel.actions import door
from partnerpanel.actions.bulk import control
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from subscriptions.services.access import Evidence
from tests.people import Person
from tests.world import World


def one_of_each(world: World, person: Person) -> UUID:
    """Fills every tenant table of the world's partner; returns a customer who has been suspended."""
    customer, waiting = world.customers(2)
    world.subscriptions([customer, waiting])
    with tenant(world.id):
        add_note(customer, text="Pays by bank transfer.", actor=person.actor, now=world.now)
        set_tags(customer, names=["vip"], actor=person.actor, now=world.now)
        set_policy(
            scope_kind=ScopeKind.CUSTOMER,
            scope_id=customer,
            preset=None,
            document={"grace.days": 10},
            actor=person.actor,
            now=world.now,
        )
    _suspend(waiting, person, world)
    world.drain()
    _suspend(customer, person, world)
    # Its outbox rows stay where they are: they are attacked too.
    control.start(Suspend((), HoldKind.MANUAL, "as agreed"), [customer, waiting], actor=person.actor, now=world.now)
    return customer


def _suspend(customer: UUID, person: Person, world: World) -> None:
    evidence = Evidence("They wrote so.", "letter.txt", "text/plain", b"Dear all")
    verb = Suspend((Target(customer),), HoldKind.ABUSE, "sends spam", evidence)
    door.commit(verb, quote=None, actor=person.actor, now=world.now)
