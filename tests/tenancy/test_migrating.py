"""What a step of a migration adds to a model or takes from it is found there as if Django had drawn it anew."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, RemoveConstraint, RemoveIndex
from django.db.migrations.state import ProjectState

from partnerpanel.tenancy.management.commands.migrate import changes_noted

STEPS = (
    AddIndex("Row", models.Index(fields=["name"], name="by_name")),
    AddConstraint("Row", models.UniqueConstraint(fields=["name"], name="one_of_a_name")),
    AddConstraint("Row", models.CheckConstraint(condition=~models.Q(name=""), name="has_a_name")),
)


def drawn() -> ProjectState:
    state = ProjectState()
    CreateModel("Row", [("id", models.AutoField(primary_key=True)), ("name", models.TextField())]).state_forwards(
        "somewhere", state
    )
    assert state.apps.get_model("somewhere", "Row")
    return state


def fields_of(state: ProjectState, name: str = "Row") -> list[tuple[str, object]]:
    """Each column by its name, with its default."""
    fields = state.apps.get_model("somewhere", name)._meta.concrete_fields
    return [(field.name, field.default) for field in fields]


def said_of(state: ProjectState) -> tuple[object, ...]:
    found = state.apps.get_model("somewhere", "Row")._meta
    options = state.models["somewhere", "row"].options
    return found.indexes, found.constraints, found.total_unique_constraints, options["indexes"], options["constraints"]


@pytest.mark.parametrize("is_noted", [True, False])
def test_an_index_and_a_constraint_are_on_the_model_and_stay_when_it_is_drawn_anew(is_noted: bool) -> None:
    state = drawn()
    before = state.apps.get_model("somewhere", "Row")
    assert said_of(state) == ([], [], [], [], [])
    with changes_noted() if is_noted else nullcontext():
        for step in STEPS:
            step.state_forwards("somewhere", state)
        assert (state.apps.get_model("somewhere", "Row") is before) == is_noted
    index, unique, check = (getattr(step, "index", None) or vars(step)["constraint"] for step in STEPS)
    expected = ([index], [unique, check], [unique], [index], [unique, check])
    assert said_of(state) == expected
    AddField("Row", "age", models.IntegerField(null=True)).state_forwards("somewhere", state)
    assert said_of(state) == expected


@pytest.mark.parametrize("is_noted", [True, False])
def test_what_is_removed_is_no_longer_there(is_noted: bool) -> None:
    state = drawn()
    for step in STEPS:
        step.state_forwards("somewhere", state)
    before = state.apps.get_model("somewhere", "Row")
    with changes_noted() if is_noted else nullcontext():
        RemoveIndex("Row", "by_name").state_forwards("somewhere", state)
        RemoveConstraint("Row", "one_of_a_name").state_forwards("somewhere", state)
        assert (state.apps.get_model("somewhere", "Row") is before) == is_noted
    check = vars(STEPS[-1])["constraint"]
    assert said_of(state) == ([], [check], [], [], [check])


@pytest.mark.parametrize("is_noted", [True, False])
def test_a_column_is_on_the_model_with_the_default_that_stays(is_noted: bool) -> None:
    state = drawn()
    before = state.apps.get_model("somewhere", "Row")
    with changes_noted() if is_noted else nullcontext():
        AddField("Row", "age", models.IntegerField(default=3)).state_forwards("somewhere", state)
        once = AddField("Row", "size", models.IntegerField(default=4), preserve_default=False)
        once.state_forwards("somewhere", state)
        assert (state.apps.get_model("somewhere", "Row") is before) == is_noted
    missing = models.NOT_PROVIDED
    expected = [("id", missing), ("name", missing), ("age", 3), ("size", missing)]
    assert fields_of(state) == expected
    assert state.apps.get_model("somewhere", "Row")(age=7).age == 7
    assert once.field.default == 4
    state.reload_model("somewhere", "row")
    assert fields_of(state) == expected


def test_models_that_refer_or_inherit_are_drawn_anew() -> None:
    state = drawn()
    key = models.OneToOneField("somewhere.Row", models.CASCADE, parent_link=True, primary_key=True)
    CreateModel("Child", [("row_ptr", key)], bases=("somewhere.Row",)).state_forwards("somewhere", state)
    with changes_noted():
        AddField("Row", "age", models.IntegerField(null=True)).state_forwards("somewhere", state)
        AddField("Row", "other", models.ForeignKey("somewhere.Row", models.CASCADE, null=True)).state_forwards(
            "somewhere", state
        )
    row, child = (state.apps.get_model("somewhere", name) for name in ("Row", "Child"))
    assert issubclass(child, row)
    assert {"age", "other"} <= {field.name for field in child._meta.fields}
    assert "row" in {field.name for field in row._meta.related_objects}
