"""Reads of the control plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.models import ApiKey, Membership, Partner, Role, User
from partnerpanel.tenancy.reads import Read


def partner_for(user: User, slug: str) -> tuple[Partner, Role]:
    """The partner behind `slug` and the person's role there; a twin takes the roles of its partner.

    Raises NotFound alike for an unknown slug and for a partner the person does not belong to.
    """
    for partner in _PARTNER_AT(slug):
        for role in _ROLE(partner.twin_of_id or partner.pk, user.pk):
            return partner, Role(role)
    raise NotFound("There is no such page.")


_PARTNER_AT = Read(lambda slug: Partner.objects.select_related("twin_of").filter(slug=slug))
_ROLE = Read(
    lambda partner_id, user_id: Membership.objects.filter(partner=partner_id, user=user_id).values_list(
        "role", flat=True
    )
)


def partner_by_id(partner_id: UUID) -> Partner:
    """Raises NotFound."""
    partner = Partner.objects.filter(pk=partner_id).first()
    if partner is None:
        raise NotFound("There is no such partner.")
    return partner


def partner_at(slug: str) -> Partner:
    """The partner whose customers come by this slug. Raises NotFound."""
    for partner in _PARTNER_AT(slug):
        return partner
    raise NotFound("There is no such page.")


def partners_of(user: User) -> list[Partner]:
    """The partners that the person works for, by name; twins left out."""
    return _PARTNERS_OF(user.pk)


_PARTNERS_OF = Read(lambda user_id: Partner.objects.filter(memberships__user=user_id).order_by("name", "id"))


def twin_of(partner: Partner) -> Partner | None:
    """The partner's test mode, if it has one."""
    return next(iter(_TWIN_OF(partner.pk)), None)


_TWIN_OF = Read(lambda partner_id: Partner.objects.filter(twin_of=partner_id))


def is_test_mode(partner_id: UUID) -> bool:
    """Whether the partner is a twin."""
    return Partner.objects.filter(pk=partner_id, twin_of__isnull=False).exists()


def mails_nobody(partner_id: UUID) -> bool:
    """Whether mails are written and kept instead of sent: in test mode, and while a past is written."""
    return bool(_MAILS_NOBODY(partner_id))


_MAILS_NOBODY = Read(
    lambda partner_id: Partner.objects.filter(
        Q(twin_of__isnull=False) | Q(past_at__isnull=False), pk=partner_id
    ).values_list("pk")
)


def names_of(user_ids: set[UUID]) -> dict[UUID, str]:
    """Names of people by id, for timelines, and of the keys that programs acted with."""
    found = {user.pk: str(user) for user in User.objects.filter(pk__in=user_ids)}
    if unknown := user_ids - set(found):
        keys = ApiKey.objects.filter(pk__in=unknown).values_list("pk", "name")
        found |= {id_: _("%(name)s (API key)") % {"name": name} for id_, name in keys}
    return found


def managers_of(partner: Partner) -> list[str]:
    """Addresses of the owners and admins; of a twin those of its partner."""
    rows = Membership.objects.filter(partner=partner.twin_of_id or partner.pk, role__in=[Role.OWNER, Role.ADMIN])
    return list(rows.filter(user__is_active=True).order_by("user__email").values_list("user__email", flat=True))


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the partner's people."""

    user_id: UUID
    name: str
    email: str
    role: str


def colleagues_of(partner: Partner) -> list[Colleague]:
    """Everybody who may still sign in, by address; of a twin its partner's."""
    rows = Membership.objects.filter(partner=partner.twin_of_id or partner.pk, user__is_active=True)
    return [
        Colleague(row.user_id, str(row.user), row.user.email, row.role)
        for row in rows.select_related("user").order_by("user__email")
    ]


def colleague_at(partner: Partner, email: str) -> Colleague:
    """Who has this address, whatever its case. Raises NotFound."""
    for one in colleagues_of(partner):
        if one.email.casefold() == email.casefold():
            return one
    raise NotFound(_("Nobody of your team has this address."), field="to")


def platform() -> Partner | None:
    """The partner whose customers the others are, if there is one."""
    return Partner.objects.filter(is_platform=True).first()


@lru_cache(maxsize=10_000)
def is_platform(partner_id: UUID) -> bool:
    """Whether this is the platform; a partner is made as one and never becomes one, so it is asked once a process."""
    return Partner.objects.filter(pk=partner_id, is_platform=True).exists()


def unbilled_partners() -> list[Partner]:
    """Live partners that are no customers of the platform yet, the oldest first."""
    rows = Partner.objects.filter(twin_of=None, is_platform=False, platform_customer=None)
    return list(rows.order_by("created_at", "id"))
