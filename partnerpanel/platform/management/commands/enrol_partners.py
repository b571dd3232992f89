from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.platform.services.enrolment import TRIAL_DAYS, Offer, enrol
from partnerpanel.tenancy.queries import platform, unbilled_partners


class Command(BaseCommand):
    help = "Makes every partner that is not billed yet a customer of the platform. Repeating it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", default="", help="name of the platform's plan; its lowest one unless told")
        parser.add_argument("--trial-days", type=int, default=TRIAL_DAYS)

    def handle(self, *_: Any, **given: Any) -> None:
        if platform() is None:
            raise CommandError("There is no platform partner; create_platform makes it.")
        refused = 0
        for partner in unbilled_partners():
            try:
                enrol(partner, Offer(partner.support_email, given["plan"], given["trial_days"]), now=system_now())
            except DomainError as error:
                refused += 1
                self.stderr.write(f"{partner.slug}: {error.message}")
            else:
                self.stdout.write(f"{partner.slug}: enrolled")
        if refused:
            raise CommandError(f"{refused} could not be enrolled.")
