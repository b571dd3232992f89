"""Every column of every tenant table is judged: whether it says something about a person, and what erasing does."""

from __future__ import annotations

import pytest

from partnerpanel.personal.registry import PersonalTable, all_tables, columns_to_judge, table_of
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.walls import tenant_rows


@pytest.mark.parametrize("model", tenant_rows(), ids=lambda model: model._meta.label)
def test_every_table_is_judged_and_so_is_each_of_its_columns(model: type[TenantModel]) -> None:
    judged = table_of(model)
    assert judged is not None, f"Say in its app’s personal.py what {model._meta.label} keeps of people."
    assert not judged.unjudged, f"{model._meta.label}: personal or not? {sorted(judged.unjudged)}"


@pytest.mark.parametrize("one", all_tables(), ids=lambda one: one.model._meta.label)
def test_a_judgement_names_columns_that_there_are_and_each_once(one: PersonalTable) -> None:
    named = [*one.erased, *one.kept, *one.follows, *one.plain]
    assert len(named) == len(set(named))
    assert {*named, *one.secret} <= {field.attname for field in one.model._meta.concrete_fields}


@pytest.mark.parametrize("one", all_tables(), ids=lambda one: one.model._meta.label)
def test_what_is_erased_the_application_may_write(one: PersonalTable) -> None:
    if one.is_deleted:
        assert one.model.deletable
    if one.model.updatable is not None:
        assert {*one.erased, *one.follows} <= set(one.model.updatable)


@pytest.mark.parametrize("one", all_tables(), ids=lambda one: one.model._meta.label)
def test_a_table_with_personal_columns_says_whose_rows_they_are(one: PersonalTable) -> None:
    if one.personal:
        assert one.of


def test_a_column_that_nobody_judged_is_noticed() -> None:
    [notes] = [one for one in all_tables() if one.model.__name__ == "Note"]
    assert "text" in columns_to_judge(notes.model)
    assert PersonalTable(notes.model, of="customer_id").unjudged == {"text"}
