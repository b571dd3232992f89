"""The drill: the database is lost and a backup restored, while the gateway remembers what it did since.

The sandbox keeps its journal in the same database, so its tables are carried around the loss, as a gateway outside
would keep them.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import psycopg2
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections
from psycopg2.sql import SQL, Identifier

from billing.collection.halt import running_halt
from billing.models import Halt, Mismatch, Payment, PaymentAttempt, SandboxCharge
from partnerpanel.backups.programs import program, run
from partnerpanel.backups.restore import tables
from partnerpanel.embedded.keep import COPY
from partnerpanel.invariants.look import look
from partnerpanel.invariants.registry import invariants
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.breaches import breaches
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import ServiceAccount
from subscriptions.provisioning.accounts import password_of
from tests.databases import copy_of_template, place_of, prefix_of, use
from tests.faults.gateways import SANDBOX
from tests.faults.oracle import examine
from tests.faults.renewals import comes_to_rest, due_renewals
from tests.faults.renewals import look as look_for_work
from tests.people import Team, make_team
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]

JOURNAL = ("billing_sandboxcharge", "billing_sandboxrefund")
MONTH = timedelta(days=32)


@pytest.fixture
def own_database() -> Iterator[str]:
    """A database that may be lost; afterwards both aliases point at the run's again."""
    shared = {alias: dict(connections[alias].settings_dict) for alias in connections}
    run_id = uuid4().hex
    try:
        with place_of(run_id) as place:
            name = f"{prefix_of(run_id) if place.passing else COPY + run_id[:12]}_drill"
            with copy_of_template(place, name) as copy:
                use(copy)
                yield copy.owner_url
    finally:
        connections.close_all()
        for alias, settings in shared.items():
            connections[alias].settings_dict.update(settings)


@pytest.fixture
def people(own_database: str) -> Team:
    return make_team("eastwind")


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "partnerpanel.backup"


def back_up(file: Path) -> None:
    call_command("backup", str(file), stdout=StringIO())


def restore(file: Path) -> None:
    call_command("restore", str(file), replace=True, stdout=StringIO())
    connections.close_all()


def reconciled(**options: str) -> str:
    said = StringIO()
    call_command("reconcile", stdout=said, **options)
    return said.getvalue()


def taken(world: World) -> int:
    with tenant(world.id):
        return SandboxCharge.objects.filter(status="succeeded").count()


def lose_and_restore(owner_url: str, file: Path) -> None:
    """What the gateway did survives; everything else is as it was when the backup was made."""
    carried: dict[str, StringIO] = {}
    with closing(psycopg2.connect(owner_url)) as owner, owner.cursor() as cursor:
        for table in JOURNAL:
            carried[table] = StringIO()
            cursor.copy_expert(SQL("COPY {} TO STDOUT").format(Identifier(table)), carried[table])
    restore(file)
    with closing(psycopg2.connect(owner_url)) as owner, owner, owner.cursor() as cursor:
        cursor.execute(SQL("TRUNCATE {}").format(SQL(", ").join(map(Identifier, JOURNAL))))
        for table, rows in carried.items():
            rows.seek(0)
            cursor.copy_expert(SQL("COPY {} FROM STDIN").format(Identifier(table)), rows)


def go_on(world: World) -> None:
    comes_to_rest(world)
    world.drain("outbox", "provisioning", "mail", now=system_now())


def is_settled(world: World, term_number: int) -> None:
    """Every term was charged once, and the books are the journal."""
    found = examine(world, SANDBOX, term_number=term_number)
    assert not any((found.double_charged, found.lost, found.unbooked, found.in_doubt)), found


def test_what_was_charged_after_the_backup_is_booked_once_and_nobody_is_charged_again(
    people: Team, own_database: str, backup: Path
) -> None:
    world = World(people.partner)
    due_renewals(world, SANDBOX, 6)
    go_on(world)
    with time_machine.travel(system_now() + MONTH):
        world.now = system_now()
        world.drain("subscriptions")
        # The intents for term 3 are in the backup; nobody has asked yet.
        back_up(backup)
        go_on(world)
        is_settled(world, 3)
    with time_machine.travel(system_now() + 2 * MONTH):
        go_on(world)
        is_settled(world, 4)
        charged = taken(world)
        assert charged == 18
        lose_and_restore(own_database, backup)
        look_for_work(world)
        assert taken(world) == charged
        with tenant(world.id):
            assert set(PaymentAttempt.objects.order_by("pk").values_list("status", flat=True)[6:]) == {"intent"}
        said = reconciled()
        assert "6 settled, 6 recreated, 0 open" in said
        assert "Charging goes on." in said
        go_on(world)
        is_settled(world, 4)
        assert taken(world) == charged
        # Once more changes nothing.
        again = reconciled(since=(system_now() - 9 * MONTH).isoformat())
        assert "18 charges compared, 0 settled, 0 recreated, 0 open" in again
        assert look(world.id, invariants()) == {}
    assert Halt.objects.get().lifted_because == "reconciled"
    with time_machine.travel(system_now() + 3 * MONTH):
        go_on(world)
        is_settled(world, 5)


def test_a_charge_that_cannot_be_matched_waits_for_a_person_and_keeps_charging_stopped(
    people: Team, own_database: str, backup: Path
) -> None:
    world = World(people.partner)
    back_up(backup)
    due_renewals(world, SANDBOX, 1)
    go_on(world)
    lose_and_restore(own_database, backup)
    said = StringIO()
    with pytest.raises(CommandError, match="needs a person"):
        call_command("reconcile", stdout=said)
    assert "1 open" in said.getvalue()
    assert "there is no such subscription here" in said.getvalue()
    assert running_halt() is not None
    world.customer()
    home = people.owner.client().get("/panel/eastwind/").content.decode()
    assert "What the gateways did is what the books say." in home
    assert "Charging is stopped" in home
    with tenant(world.id):
        key = Mismatch.objects.get().key
    with pytest.raises(CommandError, match="needs --partner and a --reason"):
        reconciled(close=key)
    assert "Charging goes on." in reconciled(close=key, partner="eastwind", reason="given back at the gateway")
    assert running_halt() is None
    assert "0 open" in reconciled()


def test_an_operator_lets_charging_go_on_with_a_reason_alone(people: Team, backup: Path) -> None:
    back_up(backup)
    restore(backup)
    with pytest.raises(CommandError, match="reason"):
        call_command("resume_charging", reason=" ")
    call_command("resume_charging", reason="nothing was charged since", stdout=StringIO())
    assert Halt.objects.get().lifted_because == "nothing was charged since"
    with pytest.raises(CommandError, match="not stopped by a restore"):
        call_command("resume_charging", reason="again")


def test_walls_grants_and_secrets_are_after_the_restore_as_before(people: Team, backup: Path) -> None:
    world, other = World(people.partner), World(make_team("westwind").partner)
    account = world.read_account(world.subscription())
    password = password_of(account)
    other.subscription()
    back_up(backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]
    assert password.encode() not in run(program("pg_restore"), ["--file=-", backup])
    with pytest.raises(CommandError, match="exists; name another"):
        back_up(backup)
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(backup))
    restore(backup)
    assert breaches() == []
    with tenant(world.id):
        assert password_of(ServiceAccount.objects.get()) == password
    with tenant(world.id), pytest.raises(ProgrammingError, match="permission denied"):
        Payment.objects.update(amount=1)


def test_what_is_no_backup_is_refused_and_nothing_is_dropped(people: Team, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"PGDMP and then nothing")
    for file in (wrong, tmp_path / "missing"):
        with pytest.raises(CommandError, match=r"wrong is no backup|no file"):
            call_command("restore", str(file), replace=True)
    assert len(tables()) > 50


def test_the_journal_names_what_a_charge_was_for(world: World) -> None:
    (subscription,) = due_renewals(world, SANDBOX, 1)
    comes_to_rest(world)
    with tenant(world.id):
        said = SandboxCharge.objects.get().metadata
    assert (said["term"], said["kind"], said["purpose"]) == ("2", "renewal", "renewal")
    assert UUID(said["subscription"]) == subscription
