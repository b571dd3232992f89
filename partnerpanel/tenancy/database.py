"""Two database roles: `default` works and is bound by row-level security, `owner` owns the tables and migrates."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

APP = "default"
OWNER = "owner"


class OwnerMigrates:
    """Database router: tables are made through `owner` alone; rows are read and written through `default`."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == OWNER

    def allow_relation(self, obj1: object, obj2: object, **hints: object) -> bool:
        return True


def refuse_powerful_role(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Refuses to work as a role that row-level security does not bind; asked once per process."""
    if connection.alias != APP or getattr(refuse_powerful_role, "asked", False):
        return
    if is_powerful(connection):
        raise ImproperlyConfigured(
            "DATABASE_URL names a superuser, a role with BYPASSRLS or one that owns the tables, so the database "
            "would not keep partners apart. Make the roles with `manage.py bootstrap_database` and let "
            "DATABASE_URL name app_user."
        )
    refuse_powerful_role.asked = True  # type: ignore[attr-defined]


def is_powerful(connection: BaseDatabaseWrapper) -> bool:
    """Whether row-level security does not bind the connection's role."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The owner of the tables, or a member of it, has a policy of its own where it may not bypass.
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public'"
            " AND pg_has_role(current_user, tableowner, 'MEMBER')) FROM pg_roles WHERE rolname = current_user"
        )
        (powerful,) = cursor.fetchone()
        return bool(powerful)
