from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.platform.services.enrolment import make_platform
from partnerpanel.tenancy.models import Role, User
from partnerpanel.tenancy.services import give_role


class Command(BaseCommand):
    help = (
        "Makes the partner that bills the others, and its owner. Sell plans in its panel, then bring the partners that "
        "are there with enrol_partners; create_partner enrols new ones."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the short name in its addresses: small letters, digits, dashes")
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, help="two letters, such as DE")
        parser.add_argument("--timezone", required=True, help="such as Europe/Berlin")
        parser.add_argument("--currency", required=True, help="three letters, such as EUR")
        parser.add_argument("--locale", default="en", help="language of the mails: en or de")
        parser.add_argument("--support-email", required=True, help="where partners write to")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="who owns it in the panel")

    def handle(self, *_: Any, **given: Any) -> None:
        owner = given["owner"].strip().lower()
        if "@" not in owner:
            raise CommandError(f"--owner: “{owner}” is no e-mail address.")
        fields = ("slug", "name", "country", "timezone", "currency", "locale", "support_email")
        try:
            made = make_platform(now=system_now(), **{field: given[field] for field in fields})
        except DomainError as error:
            raise CommandError(f"--{(error.field or 'slug').replace('_', '-')}: {error.message}") from error
        user = User.objects.filter(email=owner).first()
        password = "" if user else secrets.token_urlsafe(15)
        give_role(made, user or User.objects.create_user(owner, password), Role.OWNER)
        self.stdout.write(f"{made.name} bills the other partners. It is at /panel/{made.slug}/, owned by {owner}.")
        if password:
            self.stdout.write(f"Their password, shown this once: {password}")
