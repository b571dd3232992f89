"""The application refuses to run as a role that row-level security does not bind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from partnerpanel.tenancy.database import APP, OWNER, refuse_powerful_role
from tests.databases import named_administrator

Open = Callable[[dict[str, object]], DatabaseWrapper]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Open]:
    """A second connection that believes to be the application's, and asks anew whether its role is safe."""
    monkeypatch.setattr(refuse_powerful_role, "asked", False, raising=False)
    made: list[DatabaseWrapper] = []

    def open_as(settings: dict[str, object]) -> DatabaseWrapper:
        wanted = {**connection.settings_dict, **settings}
        made.append(DatabaseWrapper(wanted, alias=APP))
        return made[-1]

    yield open_as
    for wrapper in made:
        wrapper.close()


def test_a_superuser_is_refused(opened: Open, request: pytest.FixtureRequest) -> None:
    admin_url = named_administrator() or request.getfixturevalue("servers").admin_url
    found = environ.Env.db_url_config(admin_url)
    with pytest.raises(ImproperlyConfigured, match="superuser"):
        opened({name: found[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}).ensure_connection()


@pytest.mark.django_db(databases=[APP, OWNER])
def test_the_owner_of_the_tables_is_refused_even_without_bypassrls(
    opened: Open, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = connections[OWNER].settings_dict
    with pytest.raises(ImproperlyConfigured, match="owns"):
        opened({name: owner[name] for name in ("USER", "PASSWORD")}).ensure_connection()


def test_the_applications_role_is_taken(opened: Open) -> None:
    opened({}).ensure_connection()
    assert refuse_powerful_role.asked  # type: ignore[attr-defined]
