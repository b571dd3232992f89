import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState

from partnerpanel.tenancy.database import OWNER

APPEND = "_append_option"


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
            with additions_noted():
                super().handle(*args, **options)
        finally:
            gc.set_threshold(*usual)


@contextmanager
def additions_noted() -> Iterator[None]:
    """An index or a constraint that a step adds is noted on the model as it was drawn.

    Django draws the model anew, and all that are related to it, which here is nearly every one: half the time of a
    first migration.
    """
    usual = getattr(ProjectState, APPEND)
    setattr(ProjectState, APPEND, _note)
    try:
        yield
    finally:
        setattr(ProjectState, APPEND, usual)


def _note(state: ProjectState, app_label: str, model_name: str, kind: str, added: Any) -> None:
    options = state.models[app_label, model_name].options
    options[kind] = [*options[kind], added]
    if "apps" in vars(state):
        drawn = state.apps.get_model(app_label, model_name)._meta
        setattr(drawn, kind, [*getattr(drawn, kind), added])
        drawn._expire_cache()  # noqa: SLF001
        vars(drawn).pop("total_unique_constraints", None)
