"""The partner that an operator looks at, kept in the session."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from partnerpanel.tenancy.models import Partner

KEY = "operator_partner"
MOST = 50


def partner_of(request: HttpRequest) -> Partner | None:
    """None where none is chosen, or the chosen one is gone. Read once per request, which asks for every model."""
    if not hasattr(request, KEY):
        setattr(request, KEY, _partner(request.session.get(KEY, "")))
    found: Partner | None = getattr(request, KEY)
    return found if request.user.is_active and getattr(request.user, "is_staff", False) else None


def choose(request: HttpRequest, partner_id: str) -> Partner | None:
    """Remembers the partner of this id; None and no change for an unknown one."""
    partner = _partner(partner_id)
    if partner is not None:
        request.session[KEY] = str(partner.pk)
    return partner


def partners(beginning: str) -> list[Partner]:
    """At most MOST partners whose name or short name begins so, by name; twins follow the partners they belong to."""
    rows = Partner.objects.select_related("twin_of").order_by("name", "id")
    if beginning:
        rows = rows.filter(Q(name__istartswith=beginning) | Q(slug__startswith=beginning.lower()))
    return list(rows[:MOST])


def _partner(partner_id: str) -> Partner | None:
    try:
        return Partner.objects.filter(pk=UUID(partner_id)).first()
    except ValueError:
        return None
