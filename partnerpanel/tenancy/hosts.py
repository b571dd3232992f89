"""Host names of partners' portals, before the partner is known; and the address that links to a portal begin with."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from partnerpanel.tenancy.models import Host, Partner
from partnerpanel.tenancy.reads import Read


def partner_of_host(name: str) -> Partner | None:
    """Whose portal answers there; `name` in its normal form. None for every host that is not proved."""
    found = Host.objects.filter(name=name, proved_at__isnull=False).select_related("partner__twin_of").first()
    return found.partner if found is not None else None


def is_proved(name: str) -> bool:
    """Whether some partner's portal answers there."""
    return Host.objects.filter(name=name, proved_at__isnull=False).exists()


def hosts_of(partner_id: UUID) -> list[Host]:
    """By name, proved or not."""
    return list(Host.objects.filter(partner=partner_id).order_by("name", "id"))


def proved_hosts() -> list[Host]:
    """Of all partners; those that were not looked at for longest first."""
    return list(Host.objects.filter(proved_at__isnull=False).select_related("partner").order_by("looked_at", "id"))


def at_portal(partner: Partner, name: str, *args: str) -> str:
    """The whole address of a page of the portal: on the partner's own host, where it has one, else on ours."""
    path, host = reverse(name, args=[partner.slug, *args]), primary_host(partner.pk)
    if not host:
        return f"{settings.PUBLIC_URL}{path}"
    return f"{origin_of(host)}{path.removeprefix(f'/p/{partner.slug}')}"


def at_host(partner_id: UUID) -> str:
    """What addresses begin with that belong to the partner but to no page of its portal."""
    host = primary_host(partner_id)
    return origin_of(host) if host else str(settings.PUBLIC_URL)


def origin_of(host: str) -> str:
    """Partners' hosts are reached as ours is: by the same scheme, at the same port."""
    scheme, _, rest = settings.PUBLIC_URL.partition("://")
    _name, colon, port = rest.partition(":")
    return f"{scheme}://{host}{colon}{port}"


def primary_host(partner_id: UUID) -> str:
    """Where links lead; empty for our own host."""
    return next(iter(_PRIMARY(partner_id)), "")


_PRIMARY: Read[str] = Read(
    lambda partner_id: Host.objects.filter(partner=partner_id, is_primary=True, proved_at__isnull=False).values_list(
        "name", flat=True
    )
)


def lock_hosts(partner_id: UUID) -> list[Host]:
    """The partner's, until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Hosts are locked inside a transaction.")
    return list(Host.objects.select_for_update().filter(partner=partner_id).order_by("name", "id"))
