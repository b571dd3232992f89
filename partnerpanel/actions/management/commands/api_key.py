"""`manage.py api_key --partner SLUG --mode live|test --scopes all|…`: a key for scripts, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerpanel.actions.api_keys import create_key
from partnerpanel.actions.test_mode import open_test_mode
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.models import Partner


class Command(BaseCommand):
    help = "Make an API key and print it; nobody can read it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", required=True, help="the partner's short name, as in its addresses")
        parser.add_argument("--mode", choices=("live", "test"), default="live")
        parser.add_argument("--scopes", default="all", help="all, or a list such as customers:read,invoices:read")
        parser.add_argument("--name", default="made by the operator")

    def handle(self, *_: Any, **options: Any) -> None:
        partner = Partner.objects.filter(slug=options["partner"], twin_of=None).first()
        if partner is None:
            known = ", ".join(Partner.objects.filter(twin_of=None).order_by("slug").values_list("slug", flat=True)[:20])
            raise CommandError(f"There is no partner “{options['partner']}”. There are: {known}.")
        if options["mode"] == "test":
            partner = open_test_mode(actor=Actor.system(partner.pk), now=business_now(partner))
        try:
            made = create_key(
                name=options["name"],
                scopes=[scope.strip() for scope in options["scopes"].split(",") if scope.strip()],
                actor=Actor.system(partner.pk),
                now=business_now(partner),
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(made.secret)
