"""What a step of a migration adds to a model is found on it as if Django had drawn it anew."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState

from partnerpanel.tenancy.management.commands.migrate import additions_noted

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


def said_of(state: ProjectState) -> tuple[object, ...]:
    found = state.apps.get_model("somewhere", "Row")._meta
    options = state.models["somewhere", "row"].options
    return found.indexes, found.constraints, found.total_unique_constraints, options["indexes"], options["constraints"]


@pytest.mark.parametrize("is_noted", [True, False])
def test_an_index_and_a_constraint_are_on_the_model_and_stay_when_it_is_drawn_anew(is_noted: bool) -> None:
    state = drawn()
    before = state.apps.get_model("somewhere", "Row")
    assert said_of(state) == ([], [], [], [], [])
    with additions_noted() if is_noted else nullcontext():
        for step in STEPS:
            step.state_forwards("somewhere", state)
        assert (state.apps.get_model("somewhere", "Row") is before) == is_noted
    index, unique, check = (getattr(step, "index", None) or vars(step)["constraint"] for step in STEPS)
    expected = ([index], [unique, check], [unique], [index], [unique, check])
    assert said_of(state) == expected
    AddField("Row", "age", models.IntegerField(null=True)).state_forwards("somewhere", state)
    assert said_of(state) == expected
