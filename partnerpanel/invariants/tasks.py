"""The beat's looks: one task says who, then one for each partner."""

from __future__ import annotations

from uuid import UUID

import structlog
from celery import shared_task

from partnerpanel.invariants.look import look, look_everywhere
from partnerpanel.invariants.registry import Pace, invariants, invariants_everywhere
from partnerpanel.tenancy.models import Partner

log = structlog.get_logger(__name__)


@shared_task
def look_at_everybody(*, pace: str, **_: object) -> int:
    """Looks at what holds everywhere, and has every partner looked at; twins are left alone. Returns how many."""
    look_everywhere(invariants_everywhere())
    partners = list(Partner.objects.filter(twin_of=None).order_by("pk").values_list("pk", flat=True))
    for partner_id in partners:
        look_at_partner.apply_async(kwargs={"partner_id": str(partner_id), "pace": pace}, queue="default", expires=3600)
    return len(partners)


@shared_task
def look_at_partner(*, partner_id: str, pace: str, **_: object) -> int:
    """How many invariants do not hold. A question that fails is logged and leaves the others to be asked."""
    broken = 0
    for invariant in invariants(Pace(pace)):
        try:
            broken += bool(look(UUID(partner_id), [invariant]))
        except Exception:
            log.exception("invariant_not_asked", invariant=invariant.name, partner_id=partner_id)
    return broken
