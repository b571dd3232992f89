"""`manage.py import_customers`: customers and subscriptions from a CSV file, and the cut-over."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.queries.openings import WaitingOpenings
from partnerpanel.imports.files import open_table
from partnerpanel.imports.mapping_files import load_mapping, shipped_names
from partnerpanel.imports.rules.problems import Problem, Problems
from partnerpanel.imports.rules.report import lines, problem_lines
from partnerpanel.imports.services.cut_over import cut_over_all, waiting
from partnerpanel.imports.services.openings import brought, check_cards, take_cards
from partnerpanel.imports.services.run import Import, run_import
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.models import Partner

REJECTED, UNUSABLE = 1, 2


def _brought_lines(along: WaitingOpenings) -> Iterator[str]:
    """What customers bring along, where they do."""
    if along.owed:
        yield f"{along.invoices:,} open invoices will be collected: {_sums(along.owed)}."
    if along.balances:
        yield f"Balances to be taken over: {_sums(along.balances)}."
    if along.cards:
        yield f"{along.cards:,} cards to be taken over from Stripe."


def _sums(amounts: Iterable[Money]) -> str:
    return ", ".join(f"{money.major:,} {money.currency}" for money in amounts)


class Command(BaseCommand):
    help = (
        "Takes customers and subscriptions over from a CSV file, or with --cut-over lets those taken over be billed. "
        "May be repeated: rows are brought up to date and never doubled. See docs/importing.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="CSV, UTF-8; comma, semicolon or tab")
        parser.add_argument("--partner", required=True, help="the partner's short name")
        parser.add_argument("--mapping", help=f"a YAML file, or one of: {', '.join(shipped_names())}")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--rejects", type=Path, help="where to write the rows that were not taken")
        parser.add_argument("--cut-over", action="store_true", help="instead of a file: bill what was taken over")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = Partner.objects.filter(slug=options["partner"]).first()
        if partner is None:
            raise CommandError(f"There is no partner with the short name “{options['partner']}”.", returncode=UNUSABLE)
        try:
            (self._cut_over if options["cut_over"] else self._import)(partner, options)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=UNUSABLE) from refusal

    def _import(self, partner: Partner, options: dict[str, Any]) -> None:
        path, rejects = options["file"], options["rejects"]
        if path is None or options["mapping"] is None:
            raise CommandError("Name a file and a --mapping, or give --cut-over.", returncode=UNUSABLE)
        if rejects is not None and rejects.resolve() == path.resolve():
            raise CommandError("The rejects would overwrite the file that is read.", returncode=UNUSABLE)
        if rejects is not None and not rejects.parent.is_dir():
            raise CommandError(f"There is no folder {rejects.parent} for the rejects.", returncode=UNUSABLE)
        mapping = load_mapping(options["mapping"])
        table = open_table(path, needed=mapping.columns(needed=True))
        wanted = Import(partner, table, mapping, business_now(partner), options["dry_run"], rejects)
        report = run_import(wanted, told=lambda done: self._told(done, table.count, "rows"))
        for line in lines(report):
            self.stdout.write(line)
        if report.rejected:
            where = f" They are in {rejects}." if rejects else " --rejects FILE keeps them."
            raise CommandError(
                f"{report.rejected:,} of {report.rows:,} rows were rejected.{where}", returncode=REJECTED
            )

    def _cut_over(self, partner: Partner, options: dict[str, Any]) -> None:
        if options["file"] or options["mapping"] or options["rejects"]:
            raise CommandError("--cut-over takes no file: it concerns all that was imported.", returncode=UNUSABLE)
        found = waiting(partner.pk)
        sums = _sums(found.monthly) or "nothing"
        told = f"{found.count:,} subscriptions wait; {found.billed:,} of them will be billed, {sums} a month."
        self.stdout.write(told)
        along = brought(partner.pk)
        for line in _brought_lines(along):
            self.stdout.write(line)
        now = business_now(partner)
        if along.cards:
            self._check_cards(take_cards(partner.pk, now=now) if not options["dry_run"] else check_cards(partner.pk))
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
            return
        done = cut_over_all(partner.pk, now=now, told=lambda done: self._told(done, found.count, "subscriptions"))
        self.stdout.write(f"{done:,} subscriptions cut over.")

    def _check_cards(self, problems: list[Problem]) -> None:
        """Nothing is cut over while the gateway knows a card differently."""
        grouped = Problems()
        for problem in problems:
            grouped.add(problem)
        for line in problem_lines(grouped):
            self.stdout.write(line)
        if problems:
            what = f"{len(problems):,} cards are wrong: repair their rows and import them again."
            raise CommandError(f"{what} Nothing was cut over.", returncode=REJECTED)

    def _told(self, done: int, total: int, what: str) -> None:
        """Progress, where a person is watching."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} {what}", ending="\n" if done >= total else "")
