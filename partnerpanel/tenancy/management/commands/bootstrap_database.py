"""`manage.py bootstrap_database`: the two roles and the database, from one administrator's URL."""

from typing import Any

import environ
from django.core.management.base import BaseCommand, CommandError

from partnerpanel.tenancy.bootstrap import UnsafeRole, bootstrap


class Command(BaseCommand):
    help = (
        "Makes the roles and the database that DATABASE_OWNER_URL and DATABASE_URL name, as the administrator of "
        "DATABASE_ADMIN_URL. Safe to repeat; a changed password in either URL is set on the server."
    )
    # It runs before there is anything to check.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        urls = {name: environ.Env().str(name, default="") for name in NEEDED}
        missing = [name for name, url in urls.items() if not url]
        if missing:
            raise CommandError(f"set {', '.join(missing)}")
        try:
            report = bootstrap(
                admin_url=urls["DATABASE_ADMIN_URL"],
                owner_url=urls["DATABASE_OWNER_URL"],
                user_url=urls["DATABASE_URL"],
            )
        except UnsafeRole as refusal:
            raise CommandError(str(refusal)) from refusal
        names = report.names
        self.stdout.write(f"database {names.database!r}: owner {names.owner!r}, application role {names.user!r}")
        if not report.owner_bypasses:
            self.stdout.write(
                f"{names.owner!r} cannot be given BYPASSRLS here: migrations let it in with a policy of its own instead"
            )


NEEDED = ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL")
