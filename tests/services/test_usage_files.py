"""A file of usage: good rows count once, bad ones are named by what is to be repaired; customers are told by mail."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from notifications.models import Message
from partnerpanel.imports.rules.usage_rows import UsageRow, read_usage_row
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.usage import usage_of
from tests.services.test_usage_of_allowances import buys_pack, caller, uses
from tests.world import NOW, World

HEADER = "subscription,allowance,amount,used_at,key"
EARLIER = "2026-03-14T10:00:00+01:00"


def test_each_cell_that_is_wrong_is_named() -> None:
    cells = {"subscription": "", "allowance": "x" * 41, "amount": "1.5", "used_at": "2026-03-14 10:00", "key": ""}
    found = read_usage_row(cells, row=2)
    assert not isinstance(found, UsageRow)
    assert [problem.column for problem in found] == ["subscription", "allowance", "amount", "used_at", "key"]


def run(world: World, file: Path, **options: object) -> tuple[int, str]:
    """The exit code, and everything printed."""
    out = StringIO()
    try:
        with time_machine.travel(NOW, tick=False):
            call_command("record_usage", file, partner=world.partner.slug, stdout=out, stderr=out, **options)
    except CommandError as refusal:
        return refusal.returncode, f"{out.getvalue()}{refusal}"
    return 0, out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_counted_once_and_what_is_wrong_in_it_is_grouped(
    world: World, other_world: World, tmp_path: Path
) -> None:
    mine = world.subscription(
        plan_id=world.plan(allowances={"calls": 100}), started_at=NOW.replace(day=1), external_id="P-1"
    )
    theirs = other_world.subscription()
    rows = [
        f"P-1,calls,12,{EARLIER},a",
        f"{public('sub', mine)},calls,5,{EARLIER},b",
        f"P-1,calls,12,{EARLIER},a",
        f"P-1,calls,13,{EARLIER},a",
        f"P-1,calls,0,{EARLIER},c",
        "P-1,calls,1,2026-04-14T10:00:00Z,d",
        f"{public('sub', theirs)},calls,1,{EARLIER},e",
        f"P-9,calls,1,{EARLIER},f",
    ]
    file, rejects = tmp_path / "usage.csv", tmp_path / "rejects.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    code, said = run(world, file, dry_run=True)
    assert code == 1
    assert "8 rows read: 2 to count, 1 counted before, 5 rejected" in said
    with tenant(world.id):
        assert [use.used for use in usage_of(world.id, [mine])[mine]] == [0]
    code, said = run(world, file, rejects=rejects)
    assert "8 rows read: 2 counted, 1 counted before, 5 rejected\n  calls: 17" in said
    assert "2 rows: subscription is no subscription of this partner" in said
    assert "row 5, key: found “a”, expected a key of its own" in said
    assert len(rejects.read_text(encoding="utf-8-sig").splitlines()) == 6
    code, said = run(world, file)
    assert "0 counted, 3 counted before, 5 rejected" in said
    with tenant(world.id):
        assert [use.used for use in usage_of(world.id, [mine])[mine]] == [17]
    assert run(world, tmp_path / "none.csv")[0] == 2


@pytest.mark.django_db(transaction=True)
def test_the_mail_names_the_packs_that_help(world: World) -> None:
    id_ = caller(world)
    uses(world, id_, 85, "a")
    buys_pack(world, id_, 50)
    uses(world, id_, 65, "b")
    world.drain("outbox", "mail")
    with tenant(world.id):
        near, used_up = Message.objects.for_partner(world.id).filter(kind="subscription_usage_alert").order_by("pk")
    assert near.subject.endswith("calls will soon be used up")
    assert "85 of 100 calls of your subscription “Basic” are used" in near.body
    assert used_up.subject.endswith("calls are used up")
    assert "150 of 150" in used_up.body
    assert "\n50 calls: €5.00\n" in used_up.body
