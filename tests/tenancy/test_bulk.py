from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DataError, IntegrityError

from customers.models import Tag
from partnerpanel.events.models import Event
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy import bulk
from partnerpanel.tenancy.bulk import insert_rows, update_rows
from partnerpanel.tenancy.scope import tenant
from tests.people import Person
from tests.world import NOW, World

# What means something inside an array, to JSON or to SQL.
TEXTS = [
    "",
    " ",
    "NULL",
    "null",
    "a,b",
    "{a}",
    '"',
    "'",
    "\\",
    '\\"',
    "a\nb\tc",
    "%s %(x)s %%",
    "ü 漢 🙂",
    "--",
    "$1",
    "'; --",
]


def written(world: World) -> dict[UUID, str]:
    with tenant(world.id):
        return dict(Tag.objects.for_partner(world.id).values_list("pk", "name"))


def test_every_text_arrives_as_it_was(world: World) -> None:
    rows = [(uuid7(), text) for text in TEXTS]
    with tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["id", "name"], rows=rows)
    assert written(world) == dict(rows)
    turned = [(id_, f"{text}!") for id_, text in rows]
    with tenant(world.id):
        assert update_rows(Tag, partner_id=world.id, columns=["name"], rows=turned) == len(TEXTS)
    assert written(world) == dict(turned)


def test_values_of_every_kind_arrive_whether_rows_share_them_or_not(world: World) -> None:
    actions = [uuid7(), uuid7()]
    data = [{"text": text, "number": number, "nothing": None, "list": [True]} for number, text in enumerate(TEXTS)]
    columns = ["kind", "object_type", "object_id", "sequence", "customer_id", "action_id", "occurred_at", "recorded_at"]
    rows = [
        ("told", "thing", uuid7(), number, None, actions[number % 2], NOW, NOW, "system", one)
        for number, one in enumerate(data)
    ]
    with tenant(world.id):
        insert_rows(Event, partner_id=world.id, columns=[*columns, "actor_kind", "data"], rows=rows)
        found = Event.objects.for_partner(world.id).filter(kind="told").order_by("sequence")
        assert [row.data for row in found] == data
        assert list(found.values_list(*columns, "actor_kind", "data")) == rows
        # Not named: as the model has it.
        assert {(row.request_id, row.actor_id) for row in found} == {("", None)}


def test_a_text_that_is_too_long_is_refused_and_never_cut(world: World) -> None:
    with pytest.raises(DataError), tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[("x" * 1_000,)])
    with tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[("club",)])
    [tag] = written(world)
    with pytest.raises(DataError), tenant(world.id):
        update_rows(Tag, partner_id=world.id, columns=["name"], rows=[(tag, "x" * 1_000)])
    assert written(world) == {tag: "club"}


def test_a_row_that_is_there_is_refused_or_left_alone(world: World) -> None:
    with tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[("club",)])
    with pytest.raises(IntegrityError), tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[("new",), ("club",)])
    ids = [uuid7(), uuid7()]
    with tenant(world.id):
        made = insert_rows(
            Tag,
            partner_id=world.id,
            columns=["id", "name"],
            rows=zip(ids, ["club", "new"], strict=True),
            ignore_conflicts=True,
        )
    assert made == {ids[1]}
    assert sorted(written(world).values()) == ["club", "new"]


def test_more_rows_than_one_statement_takes_are_all_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 7)
    names = [f"tag {number:02}" for number in range(20)]
    with tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[(name,) for name in names])
    assert sorted(written(world).values()) == names


def test_nothing_is_written_for_no_rows(world: World) -> None:
    with tenant(world.id):
        assert insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[]) == set()
        assert update_rows(Tag, partner_id=world.id, columns=["name"], rows=[]) == 0


def test_another_partners_rows_are_out_of_reach(world: World, stranger: Person) -> None:
    with tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[("club",)])
    [tag] = written(world)
    with tenant(stranger.partner.pk):
        assert update_rows(Tag, partner_id=world.id, columns=["name"], rows=[(tag, "mine")]) == 0
        assert not Tag.objects.filter(pk__among=[tag]).exists()
    assert written(world) == {tag: "club"}


def test_ids_are_found_as_in_finds_them(world: World) -> None:
    with tenant(world.id):
        insert_rows(Tag, partner_id=world.id, columns=["name"], rows=[(name,) for name in "abc"])
        tags = list(Tag.objects.for_partner(world.id).order_by("name").values_list("pk", flat=True))
        for wanted in ([], tags[:2], [*tags, uuid7()]):
            rows = Tag.objects.for_partner(world.id).order_by("name")
            assert list(rows.filter(pk__among=wanted)) == list(rows.filter(pk__in=wanted))
