from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field

from partnerpanel.tenancy.database import OWNER

APPEND, REMOVE, ADD_FIELD = "_append_option", "_remove_option", "add_field"


class Command(migrate.Command):
    """Django's migrate, through the role that owns the tables."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draws models anew for most steps. Looking through them for garbage less often saves a quarter of it."""
        usual = gc.get_threshold()
        gc.set_threshold(50_000, 20, 50)
        try:
            with changes_noted():
                super().handle(*args, **options)
        finally:
            gc.set_threshold(*usual)


@contextmanager
def changes_noted() -> Iterator[None]:
    """An index or a constraint that a step adds or removes, and a column that it adds, are noted on the model as it was
    drawn.

    Django draws the model anew, and all that are related to it, which here is nearly every one: most of the time of a
    first migration.
    """
    draw_with = ProjectState.add_field

    def add_field(
        state: ProjectState,
        app_label: str,
        model_name: str,
        name: str,
        field: Field[Any, Any],
        preserve_default: object,
    ) -> None:
        # What refers to another model changes that one, too; and what is drawn after a model would lack the column.
        drawn = state.apps.get_model(app_label, model_name) if "apps" in vars(state) else None
        if drawn is None or field.is_relation or drawn.__subclasses__():
            draw_with(state, app_label, model_name, name, field, preserve_default)
            return
        if not preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        state.models[app_label, model_name].fields[name] = field
        drawn.add_to_class(name, field.clone())

    noting = {APPEND: _append, REMOVE: _remove, ADD_FIELD: add_field}
    usual = {name: getattr(ProjectState, name) for name in noting}
    try:
        for name, note in noting.items():
            setattr(ProjectState, name, note)
        yield
    finally:
        for name, drawing in usual.items():
            setattr(ProjectState, name, drawing)


def _append(state: ProjectState, app_label: str, model_name: str, kind: str, added: Any) -> None:
    _note(state, app_label, model_name, kind, lambda noted: [*noted, added])


def _remove(state: ProjectState, app_label: str, model_name: str, kind: str, removed: str) -> None:
    _note(state, app_label, model_name, kind, lambda noted: [one for one in noted if one.name != removed])


def _note(
    state: ProjectState, app_label: str, model_name: str, kind: str, change: Callable[[list[Any]], list[Any]]
) -> None:
    options = state.models[app_label, model_name].options
    options[kind] = change(options[kind])
    if "apps" in vars(state):
        drawn = state.apps.get_model(app_label, model_name)._meta
        setattr(drawn, kind, change(getattr(drawn, kind)))
        drawn._expire_cache()  # noqa: SLF001
        vars(drawn).pop("total_unique_constraints", None)
