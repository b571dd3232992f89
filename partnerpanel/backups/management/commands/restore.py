"""`manage.py restore FILE`: a backup read into an empty database; charging waits for `manage.py reconcile`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerpanel.backups.programs import NoProgram, ProgramFailed
from partnerpanel.backups.restore import NoBackup, NotEmpty, contents_of, empty, restore
from partnerpanel.kernel.clock import system_now


class Command(BaseCommand):
    help = (
        "Reads a backup into the database that bootstrap_database made. All charging is stopped until "
        "“manage.py reconcile” has compared the books with the gateways and finds nothing open. Stop web, workers and "
        "beat before."
    )
    # It runs before there are tables to check.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="first drop every table that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            contents_of(file)
            if options["replace"]:
                empty()
            began_at = restore(file, now=system_now())
        except (NotEmpty, NoBackup, NoProgram, ProgramFailed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored as of {began_at:%Y-%m-%d %H:%M:%S} UTC. Nobody is charged until “manage.py reconcile” has "
            "finished without open findings."
        )
