from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.platform.services.enrolment import TRIAL_DAYS, Offer, check_offer, enrol
from partnerpanel.tenancy.models import Partner, Role, User
from partnerpanel.tenancy.services import create_partner, give_role


class Command(BaseCommand):
    help = (
        "Makes a partner and its owner. A person who has no account yet gets one, and the password is printed once. "
        "Where there is a platform partner, the new one becomes its customer, on trial."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the short name in the partner's addresses: small letters, digits, dashes")
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, help="two letters, such as DE")
        parser.add_argument("--timezone", required=True, help="such as Europe/Berlin")
        parser.add_argument("--currency", required=True, help="three letters, such as EUR")
        parser.add_argument("--locale", default="en", help="language of the mails: en or de")
        parser.add_argument("--support-email", required=True, help="where the partner's customers write to")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="who owns it in the panel")
        parser.add_argument("--billing-email", default="", help="where the platform's invoices go; else the owner")
        parser.add_argument("--plan", default="", help="name of the platform's plan; its lowest one unless told")
        parser.add_argument("--trial-days", type=int, default=TRIAL_DAYS)

    def handle(self, *_: Any, **given: Any) -> None:
        owner = given["owner"].strip().lower()
        if "@" not in owner:
            raise CommandError(f"--owner: “{owner}” is no e-mail address.")
        fields = ("slug", "name", "country", "timezone", "currency", "locale", "support_email")
        offer = Offer(given["billing_email"].strip() or owner, given["plan"], given["trial_days"])
        try:
            check_offer(offer, currency=given["currency"])
            with transaction.atomic():
                partner = create_partner(**{field: given[field] for field in fields})
                user = User.objects.filter(email=owner).first()
                password = "" if user else secrets.token_urlsafe(15)
                give_role(partner, user or User.objects.create_user(owner, password), Role.OWNER)
        except DomainError as error:
            raise CommandError(f"--{(error.field or 'slug').replace('_', '-')}: {error.message}") from error
        self.stdout.write(f"{partner.name} is at /panel/{partner.slug}/, owned by {owner}.")
        self._enrol(partner, offer)
        if password:
            self.stdout.write(f"Their password, shown this once: {password}")

    def _enrol(self, partner: Partner, offer: Offer) -> None:
        """The partner is there already, so what goes wrong here is said and can be repeated."""
        try:
            if enrol(partner, offer, now=system_now()):
                self.stdout.write(f"It is a customer of the platform, on trial for {offer.trial_days} days.")
        except DomainError as error:
            self.stderr.write(f"It is not billed yet: {error.message} Repair that, then run enrol_partners.")
