"""`manage.py check_invariants`: what must always be true, asked now; exits 1 where something is not."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerpanel.invariants.look import look, look_everywhere
from partnerpanel.invariants.registry import LIMIT, Broken, known
from partnerpanel.invariants.registry import invariants as registered
from partnerpanel.invariants.registry import invariants_everywhere as registered_everywhere
from partnerpanel.tenancy.models import Partner


class Command(BaseCommand):
    help = (
        "Asks every invariant for every partner (or one), lists the rows that break one by their public ids and says "
        "what to do. Findings appear on the partner's Home. Exits 1 when something is found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", metavar="SLUG", help="only this partner; a test mode too")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["partner"]
        partners = Partner.objects.filter(slug=wanted) if wanted else Partner.objects.filter(twin_of=None)
        chosen = list(partners.order_by("slug"))
        if wanted and not chosen:
            raise CommandError(f"There is no partner “{wanted}”.")
        broken = 0
        for name, sentences in look_everywhere(registered_everywhere()).items():
            broken += 1
            self._say("everywhere", name, sentences)
        for partner in chosen:
            for name, rows in look(partner.pk, registered()).items():
                broken += 1
                self._say(partner.slug, name, [_line(row) for row in rows])
        if broken:
            raise CommandError(f"{broken} invariants do not hold.", returncode=1)
        asked = len(registered()) + len(registered_everywhere())
        self.stdout.write(f"All {asked} invariants hold for {len(chosen):,} partners.")

    def _say(self, where: str, name: str, lines: Sequence[str]) -> None:
        invariant = known(name)
        if invariant is None:
            return
        more = " or more" if len(lines) == LIMIT else ""
        self.stdout.write(f"{where}: {name}: {len(lines)}{more}\n  {invariant.sentence}\n  {invariant.remedy}")
        for line in lines:
            self.stdout.write(f"    {line}")


def _line(row: Broken) -> str:
    return f"{row.object}  {row.note}".rstrip()
