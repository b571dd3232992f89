"""`manage.py adopt_stripe_cards FILE --partner SLUG`: customers who are at Stripe already keep their cards."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.gateway.stripe.adopting import Adopted, verified
from billing.services.adopt_cards import adopt_cards, refused_cards
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner

COLUMNS = ("customer", "stripe_customer", "payment_method")


class Command(BaseCommand):
    help = (
        f"Reads a CSV file with the columns {', '.join(COLUMNS)}, asks Stripe whose each card is, "
        "and makes it the one that renewals charge. Where one row is wrong none is taken over, and each is named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--partner", metavar="SLUG", required=True)
        parser.add_argument("--dry-run", action="store_true", help="ask Stripe and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = Partner.objects.filter(slug=options["partner"], twin_of=None).first()
        if partner is None:
            raise CommandError(f"There is no partner “{options['partner']}”.")
        is_rehearsal = options["dry_run"]
        wanted = list(_rows(options["file"]))
        try:
            if is_rehearsal:
                refused = refused_cards(verified(partner.pk, wanted))
            else:
                refused = adopt_cards(wanted, actor=Actor.system(partner.pk), now=system_now())
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        for one in refused:
            self.stdout.write(f"{one.adopted.ref}: {one.problem}")
        if refused:
            raise CommandError(f"{len(refused)} of {len(wanted)} rows are wrong; none was taken over.")
        self.stdout.write(f"{len(wanted)} cards {'can be' if is_rehearsal else 'were'} taken over.")


def _rows(path: Path) -> Iterator[Adopted]:
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise CommandError(f"The file has no column {', '.join(sorted(missing))}.")
        for row in rows:
            customer, ref, method = ((row[name] or "").strip() for name in COLUMNS)
            if not ref or not method:
                raise CommandError(f"Line {rows.line_num}: stripe_customer and payment_method are both needed.")
            try:
                yield Adopted(parse("cus", customer), ref, method)
            except DomainError as refusal:
                raise CommandError(f"Line {rows.line_num}: “{customer}” is no id of a customer.") from refusal
