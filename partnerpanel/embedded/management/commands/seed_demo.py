"""`manage.py seed_demo`: three partners with customers in every state, and who may sign in."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnerpanel.embedded.demo.people import PASSWORD, sign_ins
from partnerpanel.embedded.demo.platform import platform_sign_ins
from partnerpanel.embedded.demo.portal import portal_sign_ins
from partnerpanel.embedded.demo.seed import BLUEPRINTS, seed
from partnerpanel.kernel.clock import system_now

INBOX = "/inbox/"


class Command(BaseCommand):
    help = "Fill the demo with three partners, and print who may sign in. Repeating it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.INBOX_DIRECTORY is None:
            raise CommandError(
                "Demo data is refused here: its passwords are public, and these settings do not catch mail. "
                "Use partnerpanel.settings.demo, as `make demo` does."
            )
        seed(now=system_now(), processes=os.cpu_count() or 1)
        self.stdout.write(f"Sign in with the password {PASSWORD} as\n\n")
        for line in (*sign_ins(BLUEPRINTS), *platform_sign_ins()):
            self.stdout.write(f"  {line.email:<30} {line.role:<10} {line.partner}")
        self.stdout.write(f"\nCustomers sign in without one, by a link in a mail, which appears under {INBOX}:\n\n")
        for guest in portal_sign_ins(BLUEPRINTS):
            self.stdout.write(f"  {guest.email:<41} {guest.url}")
