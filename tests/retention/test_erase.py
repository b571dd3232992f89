"""Erasing a customer: markers planted in every personal column are gone from the whole database, and the books stay."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.db.models import BinaryField, JSONField, Model
from psycopg2.sql import SQL, Identifier

from customers.models import Customer
from customers.rules.profile import Profile
from customers.services.notes import add_note
from customers.services.update import update_profiles
from partnerpanel.actions import door
from partnerpanel.actions.erase import Erase, InvalidErasure
from partnerpanel.actions.personal_data import export_customer
from partnerpanel.actions.verb import Target
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import Forbidden, NotFound
from partnerpanel.personal.holdings import holdings
from partnerpanel.personal.registry import PersonalTable, all_tables, columns_to_judge
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import InternalAccount, ServiceAccount, Subscription
from subscriptions.rules.states import Lifecycle
from tests.people import Person, Team
from tests.tenancy.rows import one_of_each
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

MARKER = "Qzx-Lovelace"


def everything_ends(world: World, customer: Any) -> None:
    """As if it had been cancelled long ago, with nothing under way."""
    from billing.models import PaymentAttempt, Refund

    with tenant(world.id):
        Subscription.objects.for_partner(world.id).filter(customer=customer).update(
            lifecycle=Lifecycle.ENDED, ended_at=world.now, access="blocked", due_at=None
        )
        PaymentAttempt.objects.for_partner(world.id).filter(customer=customer).exclude(status="succeeded").update(
            status="declined", due_at=None
        )
        Refund.objects.for_partner(world.id).filter(customer=customer).update(status="succeeded", due_at=None)


def plant(world: World, customer: Any) -> set[str]:
    """Writes the marker into every personal column of the customer's rows, as the owner of the tables: some of them
    the application may not write. Returns which columns."""
    planted = set()
    for one in all_tables():
        for column in sorted(one.personal - set(one.kept)):
            if _plant(world, one, column, customer):
                planted.add(f"{one.model.__name__}.{column}")
    return planted


def _plant(world: World, one: PersonalTable, column: str, customer: Any) -> bool:
    field: Any = one.model._meta.get_field(column)
    with tenant(world.id):
        ids = list(one.rows(world.id, [customer]).values_list("pk", flat=True))
    if not ids or column == "email_key":
        return False
    length = getattr(field, "max_length", None) or 100
    value: Any = MARKER[:length]
    cast = "jsonb" if isinstance(field, JSONField) else "bytea" if isinstance(field, BinaryField) else "text"
    text = f'{{"a": "{MARKER}"}}' if cast == "jsonb" else value
    if one.model is ServiceAccount and column == "password_sealed":
        # The worker has to be able to read it.
        return False
    with connections["owner"].cursor() as cursor:
        for number, id_ in enumerate(ids):
            # Some are unique: each row has its own.
            own = text if cast != "text" or number == 0 or length < 30 else f"{text} {number}"
            table, name = Identifier(one.model._meta.db_table), Identifier(field.column)
            cursor.execute(SQL("UPDATE {} SET {} = %s::{} WHERE id = %s").format(table, name, SQL(cast)), [own, id_])
    return True


def found(world: World) -> dict[str, type[Model]]:
    """Columns of any tenant table that hold the marker, or as much of it as fits."""
    hits: dict[str, type[Model]] = {}
    with tenant(world.id):
        for model in apps.get_models():
            if not issubclass(model, TenantModel) or not model._meta.managed:
                continue
            names = sorted(columns_to_judge(model))
            for row in model.objects.for_partner(world.id).values(*names):
                for name, value in row.items():
                    if "qzx" in _text(value).casefold():
                        hits[f"{model.__name__}.{name}"] = model
    return hits


def _text(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def erase(world: World, person: Person, customer: Any) -> door.Outcome:
    verb = Erase((Target(customer),))
    quote = door.preview(verb, actor=person.actor, now=world.now)
    return door.commit(verb, quote=quote.token, actor=person.actor, now=world.now)


def ended(world: World, owner: Person) -> Any:
    customer = one_of_each(world, owner)
    world.drain()
    everything_ends(world, customer)
    return customer


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_markers_in_every_personal_column_are_gone_from_the_whole_database(world: World, owner: Person) -> None:
    customer = ended(world, owner)
    planted = plant(world, customer)
    assert {"Customer.name", "Note.text", "Message.body", "WebhookAttempt.request_body"} & planted
    before = set(found(world))
    assert planted <= before
    erase(world, owner, customer)
    world.drain()
    assert not found(world)


def test_the_books_say_what_the_law_wants_and_every_event_stays(world: World, owner: Person) -> None:
    customer = ended(world, owner)
    from billing.models import Invoice, Payment

    with tenant(world.id):
        buyers = list(Invoice.objects.for_partner(world.id).order_by("pk").values_list("buyer", "total_amount"))
        payments = list(Payment.objects.for_partner(world.id).order_by("pk").values_list("amount", "note"))
        events = Event.objects.for_partner(world.id).count()
    erase(world, owner, customer)
    with tenant(world.id):
        assert buyers == list(Invoice.objects.for_partner(world.id).order_by("pk").values_list("buyer", "total_amount"))
        assert payments == list(Payment.objects.for_partner(world.id).order_by("pk").values_list("amount", "note"))
        assert Event.objects.for_partner(world.id).count() == events + 1


def test_somebody_elses_data_stays_as_it_is(world: World, owner: Person) -> None:
    customer = ended(world, owner)
    with tenant(world.id):
        [other] = Customer.objects.for_partner(world.id).exclude(pk=customer).exclude(name="")[:1]
    erase(world, owner, customer)
    assert world.read_customer(other.pk).email == other.email


def test_a_second_run_does_nothing(world: World, owner: Person) -> None:
    customer = ended(world, owner)
    erase(world, owner, customer)
    before = world.read_customer(customer)
    with pytest.raises(door.Refused) as refusal:
        erase(world, owner, customer)
    assert refusal.value.details["reason"] == "erased_already"
    assert world.read_customer(customer).version == before.version


def test_who_is_still_served_is_not_erased(world: World, owner: Person) -> None:
    customer = world.read_subscription(world.subscription()).customer_id
    with pytest.raises(door.Refused) as refusal:
        erase(world, owner, customer)
    assert refusal.value.details["reason"] == "still_served"
    assert world.read_customer(customer).erased_at is None


def test_the_login_goes_at_the_service_and_then_here(world: World, owner: Person) -> None:
    subscription = world.subscription()
    world.drain()
    customer = world.read_subscription(subscription).customer_id
    everything_ends(world, customer)
    with tenant(world.id):
        assert InternalAccount.objects.for_partner(world.id).exists()
    erase(world, owner, customer)
    world.drain()
    account = world.read_account(subscription)
    assert (account.username, bytes(account.password_sealed), account.actual) == ("", b"", "absent")
    with tenant(world.id):
        assert not InternalAccount.objects.for_partner(world.id).exists()


def test_nothing_is_written_about_somebody_who_is_erased(world: World, owner: Person) -> None:
    customer = world.customer()
    erase(world, owner, customer)
    profile = Profile("Ada", "ada@example.com", "DE", "Europe/Berlin")
    with tenant(world.id):
        with pytest.raises(Exception, match="erased"):
            add_note(customer, text="Calls at noon.", actor=owner.actor, now=world.now)
        with pytest.raises(Exception, match="erased"):
            update_profiles({customer: profile}, actor=owner.actor, now=world.now)


def test_the_address_can_be_used_by_a_new_customer(world: World, owner: Person) -> None:
    customer = world.customer(email="ada@example.com")
    erase(world, owner, customer)
    assert world.customer(email="ada@example.com") != customer


@pytest.mark.parametrize("role", [Role.BILLING, Role.SUPPORT, Role.READ_ONLY])
def test_only_owners_and_admins_erase(world: World, team: Team, role: Role) -> None:
    with pytest.raises(Forbidden):
        door.preview(Erase((Target(world.customer()),)), actor=team[role].actor, now=world.now)


def test_another_partners_customer_is_not_there(world: World, other_team: Team) -> None:
    with pytest.raises(NotFound):
        door.preview(Erase((Target(world.customer()),)), actor=other_team.owner.actor, now=world.now)


def test_a_part_of_a_customer_is_not_erased(world: World) -> None:
    subscription = world.read_subscription(world.subscription())
    with pytest.raises(InvalidErasure):
        Erase((Target(subscription.customer_id, subscription.pk),))


def test_the_preview_says_what_goes_and_what_the_law_keeps(world: World, owner: Person) -> None:
    customer = ended(world, owner)
    [plan] = door.preview(Erase((Target(customer),)), actor=owner.actor, now=world.now).erasures
    with tenant(world.id):
        held = {one.table: one for one in holdings(world.id, customer)}
    assert {one.table for one in plan.holdings} == set(held)
    assert (held["note"].is_erased, held["note"].kept_for) == (True, ())
    assert (held["invoice"].is_erased, held["invoice"].kept_for) == (False, ("books",))


def test_everything_is_handed_out_without_secrets(world: World, owner: Person) -> None:
    customer = ended(world, owner)
    data = export_customer(customer, actor=owner.actor, now=world.now)
    tables = data.as_json()["tables"]
    assert tables["customer"][0]["email"] == world.read_customer(customer).email
    assert tables["note"][0]["text"] == "Pays by bank transfer."
    assert "password_sealed" not in str(tables)
    assert data.as_zip().startswith(b"PK")
    with tenant(world.id):
        assert Event.objects.for_partner(world.id).filter(kind="customer.exported", customer_id=customer).count() == 1


def test_nothing_of_somebody_else_is_handed_out(world: World, owner: Person) -> None:
    customer, other = world.customer(name="Ada Lovelace"), world.customer(name="Grace Hopper")
    assert "Grace" not in str(export_customer(customer, actor=owner.actor, now=world.now).as_json())
    assert "Grace" in str(export_customer(other, actor=owner.actor, now=world.now).as_json())
