"""`manage.py reconcile`: the books against the gateways, now; exits 1 where something needs a person."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.collection.halt import lift_if_reconciled, running_halt
from billing.gateway.refusals import GatewayDown
from billing.queries.invariants import GATEWAYS_AGREE
from billing.reconciliation.compare import close, reconcile
from billing.reconciliation.tasks import BACK
from partnerpanel.invariants.look import look
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.models import Partner


class Command(BaseCommand):
    help = (
        "Compares the books with what the gateways did, books each charge that is missing once, and lists what needs a "
        "person. After a restore it lets charging go on when nothing is open. Exits 1 while something is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", metavar="SLUG", help="only this partner")
        parser.add_argument("--since", help="an instant with its zone; without it three days, or as the restore says")
        parser.add_argument("--close", metavar="KEY", help="a finding that is dealt with; needs --partner and --reason")
        parser.add_argument("--reason", default="", help="how it was dealt with")

    def handle(self, *args: Any, **options: Any) -> None:
        now, partners = system_now(), self._partners(options["partner"])
        if options["close"]:
            if not options["partner"] or not options["reason"].strip():
                raise CommandError("Closing a finding needs --partner and a --reason.")
            if not close(partners[0].pk, options["close"], because=options["reason"], now=now):
                raise CommandError(f"Nothing is open under {options['close']}.")
        since, unfinished = _instant(options["since"], now), 0
        for partner in partners:
            try:
                report = reconcile(partner.pk, since=since, now=system_now())
            except GatewayDown as error:
                self.stdout.write(f"{partner.slug}: not finished: {error.message}")
                unfinished += 1
                continue
            unfinished += report.open > 0
            self.stdout.write(
                f"{partner.slug}: {report.compared:,} charges compared, {report.settled:,} settled, "
                f"{report.recreated:,} recreated, {report.open:,} open"
            )
            for row in look(partner.pk, [GATEWAYS_AGREE]).get(GATEWAYS_AGREE.name, ()):
                self.stdout.write(f"    {row.object}  {row.note}")
        if lift_if_reconciled(now=system_now()):
            self.stdout.write("Charging goes on.")
        elif running_halt() is not None:
            self.stdout.write("Charging stays stopped until nothing is open.")
        if unfinished:
            raise CommandError("Something needs a person.", returncode=1)

    def _partners(self, slug: str | None) -> list[Partner]:
        rows = Partner.objects.filter(slug=slug) if slug else Partner.objects.filter(twin_of=None)
        found = list(rows.order_by("slug"))
        if slug and not found:
            raise CommandError(f"There is no partner “{slug}”.")
        return found


def _instant(text: str | None, now: datetime) -> datetime:
    if not text:
        halted = running_halt()
        return halted.since if halted else now - BACK
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError("An instant is written like 2026-12-31T00:00:00Z.") from error
    if instant.tzinfo is None:
        raise CommandError("An instant needs its zone, such as the Z of 2026-12-31T00:00:00Z.")
    return instant
