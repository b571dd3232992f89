from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from partnerpanel.tenancy.database import OWNER


class Command(migrate.Command):
    """Django's migrate, through the role that owns the tables."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER)
