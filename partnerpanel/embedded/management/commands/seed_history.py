"""`manage.py seed_history`: a partner with a past that the engine lived through, the same for the same seed."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerpanel.embedded.demo.past.digest import digest
from partnerpanel.embedded.demo.past.partners import past_partner
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError

MOST_CUSTOMERS, MOST_MONTHS = 100_000, 120


class Command(BaseCommand):
    help = (
        "Make a partner whose customers have lived for months: sign-ups, renewals, declines, grace, changes, pauses, "
        "and cancellations, drawn from a seed and done by the handlers that run in earnest, on a clock of its own that "
        "ends at the present. Nobody is mailed. Prints a digest of its rows: the same for the same seed and end."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", default="", help="short name of the new partner (default: after the seed)")
        parser.add_argument("--customers", type=int, default=2_000, help="how many come in all (default: 2000)")
        parser.add_argument("--months", type=int, default=24, help="how far back it begins (default: 24)")
        parser.add_argument("--seed", type=int, default=1, help="what chance is drawn from (default: 1)")
        parser.add_argument("--until", help="an instant like 2026-12-31T00:00:00Z in the past (default: now)")
        parser.add_argument("--owner", default="", help="address of a person who is there and becomes its owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["customers"] <= MOST_CUSTOMERS:
            raise CommandError(f"From 1 to {MOST_CUSTOMERS:,} customers.")
        if not 1 <= options["months"] <= MOST_MONTHS:
            raise CommandError(f"From 1 to {MOST_MONTHS} months.")
        began = time.monotonic()
        slug = options["partner"] or f"history-{options['seed']}"
        try:
            partner, past = past_partner(
                slug=slug,
                customers=options["customers"],
                months=options["months"],
                seed=options["seed"],
                until=_instant(options["until"]),
                owner=options["owner"],
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        done, left = sum(past.done.values()), sum(past.left.values())
        self.stdout.write(f"{partner.slug}: from {past.first} to {past.until:%Y-%m-%d %H:%M} UTC")
        self.stdout.write(f"{len(past.register.lives):,} customers; {done:,} wishes done, {left:,} not possible then")
        self.stdout.write(f"{time.monotonic() - began:.1f} s; digest of its rows {digest(partner.pk)}")


def _instant(text: str | None) -> datetime:
    """Raises CommandError."""
    now = system_now()
    if text is None:
        return now
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no instant; one is written like 2026-12-31T00:00:00Z.") from error
    if found.tzinfo is None:
        raise CommandError(f"“{text}” needs its zone, as in 2026-12-31T00:00:00Z.")
    if found > now:
        raise CommandError("A past ends at the present at the latest.")
    return found.astimezone(UTC)
