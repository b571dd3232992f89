"""Making partners and giving people roles."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.models import Membership, Partner, Role, User

# First parts of the panel's addresses that are not a partner.
RESERVED = frozenset({"components"})
# Looked up on the disk, so once.
ZONES = frozenset(available_timezones())


class InvalidPartner(DomainError):
    """A partner's data that cannot be taken; `field` names which."""

    code = "invalid_partner"


class PlatformExists(DomainError):
    """The installation has a platform partner already."""

    code = "platform_exists"


def create_partner(**fields: str) -> Partner:
    """A new tenant; the fields are those of `_new`. Raises InvalidPartner or InvalidMoney naming the field."""
    partner = _new(**fields)
    partner.save(force_insert=True)
    return partner


def create_platform_partner(**fields: str) -> Partner:
    """The tenant that bills the others. Raises as above, and PlatformExists where there is one."""
    if Partner.objects.filter(is_platform=True).exists():
        raise PlatformExists("There is a platform partner already; there is one for the installation.")
    partner = _new(**fields)
    partner.is_platform = True
    partner.save(force_insert=True)
    return partner


def _new(
    *, slug: str, name: str, country: str, timezone: str, currency: str, locale: str, support_email: str
) -> Partner:
    """Checked and not written yet."""
    if Partner.objects.filter(slug=slug).exists():
        raise InvalidPartner(f"The short name “{slug}” is taken.", field="slug")
    check_partner(slug=slug, country=country, timezone=timezone, currency=currency)
    return Partner(
        slug=slug,
        name=name,
        country=country,
        timezone=timezone,
        currency=currency,
        locale=locale,
        support_email=support_email,
    )


def check_partner(*, slug: str, country: str, timezone: str, currency: str) -> None:
    """What a form can check before. Raises InvalidPartner or InvalidMoney naming the field."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise InvalidPartner("A short name has small letters, digits and single dashes.", field="slug")
    if slug in RESERVED:
        raise InvalidPartner(f"The short name “{slug}” is taken.", field="slug")
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise InvalidPartner("A country is a two-letter code such as DE.", field="country")
    if timezone not in ZONES:
        raise InvalidPartner(f"“{timezone}” is no time zone such as Europe/Berlin.", field="timezone")
    Money.zero(currency)


def create_twin(partner: Partner, *, now: datetime) -> Partner:
    """The partner's test mode: a tenant of its own whose clock stands at `now`. One per partner, made once."""
    twin, _ = Partner.objects.get_or_create(
        twin_of=partner,
        defaults={
            "slug": _free_slug(f"{partner.slug}-test"),
            "name": f"{partner.name} (test)",
            "country": partner.country,
            "timezone": partner.timezone,
            "currency": partner.currency,
            "locale": partner.locale,
            "support_email": partner.support_email,
            "test_clock_at": now,
        },
    )
    return twin


def begin_past(partner: Partner, *, at: datetime) -> None:
    """From now on the new partner lives at `at`, and on through its past as somebody moves that clock.

    Until it is opened no worker does anything for it and its mails are kept. Raises InvalidPartner for a twin and for a
    partner that has members: people who look at it have a present already.
    """
    new = Partner.objects.filter(pk=partner.pk, twin_of=None, past_at=None, memberships=None)
    if not new.update(past_at=at):
        raise InvalidPartner(f"“{partner.slug}” has a present already.", field="slug")
    partner.past_at = at


def open_partner(partner: Partner) -> None:
    """Its past is over: from here on it lives by the system's time, and workers do what is due."""
    Partner.objects.filter(pk=partner.pk).update(past_at=None)
    partner.past_at = None


def _free_slug(wanted: str) -> str:
    """The short name itself, or the first with a number that nobody has."""
    taken = set(Partner.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@transaction.atomic
def give_role(partner: Partner, user: User, role: Role) -> Membership:
    """Makes the person a member with this role, or changes the role they have."""
    membership, _ = Membership.objects.update_or_create(partner=partner, user=user, defaults={"role": role})
    return membership
