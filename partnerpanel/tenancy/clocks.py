"""Business time belongs to the partner: the system's time, a twin's test clock, or how far its past is written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.reads import Read


def business_now(partner: Partner) -> datetime:
    """The partner's instant, in UTC."""
    return partner.test_clock_at or partner.past_at or system_now()


def business_now_of(partner_id: UUID) -> datetime:
    """The same for an id. Raises Partner.DoesNotExist."""
    found = _CLOCKS(partner_id)
    if not found:
        raise Partner.DoesNotExist
    return business_now(found[0])


_CLOCKS = Read(lambda partner_id: Partner.objects.filter(pk=partner_id).only("test_clock_at", "past_at"))
