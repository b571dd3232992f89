"""`manage.py backup FILE`: everything as it stands now, in one file that nobody else can read."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerpanel.backups.dump import FileInTheWay, back_up
from partnerpanel.backups.programs import NoProgram, ProgramFailed
from partnerpanel.kernel.clock import system_now


class Command(BaseCommand):
    help = (
        "Writes everything as it stands at one instant into FILE, readable by its owner alone. Secrets in it stay "
        "encrypted: keep SECRET_RING elsewhere, without it nobody opens them after a restore."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = back_up(options["file"], now=system_now())
        except (FileInTheWay, NoProgram, ProgramFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['file']}: {size:,} bytes")
