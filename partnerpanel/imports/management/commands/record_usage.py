"""`manage.py record_usage FILE --partner SLUG`: what is used of allowances, from a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerpanel.imports.files import open_table
from partnerpanel.imports.rules.usage_report import usage_lines
from partnerpanel.imports.rules.usage_rows import COLUMNS
from partnerpanel.imports.services.usage import UsageImport, run_usage_import
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.models import Partner

REJECTED, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        f"Counts what is used of allowances from a CSV file with the columns {', '.join(COLUMNS)}. "
        "May be repeated: each key counts once. See docs/usage.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, UTF-8; comma, semicolon or tab")
        parser.add_argument("--partner", metavar="SLUG", required=True, help="the partner's short name")
        parser.add_argument("--dry-run", action="store_true", help="say what would be counted and write nothing")
        parser.add_argument("--rejects", type=Path, help="where to write the rows that were not taken")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = Partner.objects.filter(slug=options["partner"]).first()
        if partner is None:
            raise CommandError(f"There is no partner with the short name “{options['partner']}”.", returncode=UNUSABLE)
        path, rejects = options["file"], options["rejects"]
        if rejects is not None and rejects.resolve() == path.resolve():
            raise CommandError("The rejects would overwrite the file that is read.", returncode=UNUSABLE)
        if rejects is not None and not rejects.parent.is_dir():
            raise CommandError(f"There is no folder {rejects.parent} for the rejects.", returncode=UNUSABLE)
        try:
            table = open_table(path, needed=list(COLUMNS))
            wanted = UsageImport(partner, table, business_now(partner), options["dry_run"], rejects)
            report = run_usage_import(wanted, told=lambda done: self._told(done, table.count))
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=UNUSABLE) from refusal
        for line in usage_lines(report):
            self.stdout.write(line)
        if report.rejected:
            where = f" They are in {rejects}." if rejects else " --rejects FILE keeps them."
            raise CommandError(
                f"{report.rejected:,} of {report.rows:,} rows were rejected.{where}", returncode=REJECTED
            )

    def _told(self, done: int, total: int) -> None:
        """Progress, where a person is watching."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} rows", ending="\n" if done >= total else "")
