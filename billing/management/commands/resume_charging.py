"""`manage.py resume_charging --reason …`: an operator lets charging go on after a restore, whatever is open."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.collection.halt import lift
from partnerpanel.kernel.clock import system_now


class Command(BaseCommand):
    help = (
        "Lets charging go on for the whole installation although the reconciler has not finished: customers whose "
        "charges it did not find may be charged once more. “manage.py reconcile” does it by itself when all is well."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", required=True, help="kept, and logged")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["reason"].strip():
            raise CommandError("Give a reason; it is kept.")
        if not lift(because=options["reason"], now=system_now()):
            raise CommandError("Charging was not stopped by a restore.")
        self.stdout.write("Charging goes on.")
