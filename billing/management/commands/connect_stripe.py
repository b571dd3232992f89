"""`manage.py connect_stripe --partner SLUG`: a partner's own Stripe account; the key comes from the input."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from billing.gateway.stripe.accounts import connect, disconnect
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner


class Command(BaseCommand):
    help = (
        "Connects a partner with its own Stripe account. The secret key is asked for, or read from the standard input, "
        "since a command line is seen by others; it is tried before it is kept. Repeat it with a new key to rotate."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", metavar="SLUG", required=True)
        parser.add_argument("--disconnect", action="store_true", help="forget the key; what is under way waits")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, now = Actor.system(_partner(options["partner"])), system_now()
        if options["disconnect"]:
            if not disconnect(actor=actor, now=now):
                raise CommandError("This partner is not connected with Stripe.")
            self.stdout.write("Disconnected.")
            return
        try:
            account = connect(_key(), actor=actor, now=now)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Connected with {account}.")


def _partner(slug: str) -> UUID:
    found = Partner.objects.filter(slug=slug, twin_of=None).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no partner “{slug}” in earnest; test modes have the sandbox.")
    return found


def _key() -> str:
    return getpass("Secret key: ") if sys.stdin.isatty() else sys.stdin.readline()
