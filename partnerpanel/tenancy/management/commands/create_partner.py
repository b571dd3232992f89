from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.models import Role, User
from partnerpanel.tenancy.services import create_partner, give_role


class Command(BaseCommand):
    help = "Makes a partner and its owner. A person who has no account yet gets one, and the password is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the short name in the partner's addresses: small letters, digits, dashes")
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, help="two letters, such as DE")
        parser.add_argument("--timezone", required=True, help="such as Europe/Berlin")
        parser.add_argument("--currency", required=True, help="three letters, such as EUR")
        parser.add_argument("--locale", default="en", help="language of the mails: en or de")
        parser.add_argument("--support-email", required=True, help="where the partner's customers write to")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="who owns it in the panel")

    def handle(self, *_: Any, **given: Any) -> None:
        owner = given["owner"].strip().lower()
        if "@" not in owner:
            raise CommandError(f"--owner: “{owner}” is no e-mail address.")
        fields = ("slug", "name", "country", "timezone", "currency", "locale", "support_email")
        try:
            with transaction.atomic():
                partner = create_partner(**{field: given[field] for field in fields})
                user = User.objects.filter(email=owner).first()
                password = "" if user else secrets.token_urlsafe(15)
                give_role(partner, user or User.objects.create_user(owner, password), Role.OWNER)
        except DomainError as error:
            raise CommandError(f"--{(error.field or 'slug').replace('_', '-')}: {error.message}") from error
        self.stdout.write(f"{partner.name} is at /panel/{partner.slug}/, owned by {owner}.")
        if password:
            self.stdout.write(f"Their password, shown this once: {password}")
