"""`manage.py advance_clock`: moves the clock of a test mode, and with it everything that falls due on the way."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerpanel.kernel.errors import DomainError
from partnerpanel.queues.advance import advance
from partnerpanel.story.begin import twin_named


class Command(BaseCommand):
    help = "Moves the clock of a test mode forward; renewals, retries, mails and suspensions on the way take place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", required=True, help="short name of the test mode, such as northwind-test")
        parser.add_argument("--to", required=True, help="an instant with its zone, such as 2026-12-31T00:00:00Z")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            to = datetime.fromisoformat(options["to"])
        except ValueError as error:
            raise CommandError("An instant is written like 2026-12-31T00:00:00Z.") from error
        if to.tzinfo is None:
            raise CommandError("An instant needs its zone, such as the Z of 2026-12-31T00:00:00Z.")
        try:
            halts = advance(twin_named(options["partner"]).pk, to=to)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"The clock of {options['partner']} stands at {to.isoformat()}; it halted {halts:,} times.")
