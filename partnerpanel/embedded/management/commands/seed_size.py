"""`manage.py seed_size`: many partners with many customers and payments, to measure a large installation with."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerpanel.embedded.queries.sql.crowd import shape_for, write_crowd, write_payments
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.services import create_partner


class Command(BaseCommand):
    help = (
        "Fill new partners with rows as the engine would leave them, set by set as the owner of the tables: for "
        "measuring, not for looking at. One partner has half of all customers. Needs DATABASE_OWNER_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partners", type=int, default=50, help="how many partners (default: 50)")
        parser.add_argument("--customers", type=int, default=200_000, help="how many in all (default: 200000)")
        parser.add_argument("--payments", type=int, default=2_000_000, help="about how many (default: 2000000)")
        parser.add_argument("--slug", default="size", help="how the partners' short names begin (default: size)")

    def handle(self, *args: Any, **options: Any) -> None:
        partners, customers = options["partners"], options["customers"]
        if not 1 <= partners <= customers or options["payments"] < 0:
            raise CommandError("At least one partner, and a customer for each.")
        began, now = time.monotonic(), system_now()
        shape = shape_for(customers=customers, payments=options["payments"])
        try:
            ids = [self._partner(f"{options['slug']}-{number}") for number in range(1, partners + 1)]
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        sizes = dict(zip(ids, shares(customers, partners), strict=True))
        write_crowd(sizes, shape, now=now)
        self.stdout.write(f"{customers:,} customers of {partners} partners after {time.monotonic() - began:.0f} s")
        payments = write_payments(sizes, shape, now=now)
        self.stdout.write(f"{payments:,} payments after {time.monotonic() - began:.0f} s")

    def _partner(self, slug: str) -> Any:
        return create_partner(
            slug=slug,
            name=slug.replace("-", " ").title(),
            country="DE",
            timezone="Europe/Berlin",
            currency="EUR",
            locale="en",
            support_email=f"support@{slug}.example",
        ).pk


def shares(customers: int, partners: int) -> list[int]:
    """Half for the first, the rest for the others; at least one each."""
    if partners == 1:
        return [customers]
    each = max(1, customers // 2 // (partners - 1))
    return [customers - each * (partners - 1), *[each] * (partners - 1)]
