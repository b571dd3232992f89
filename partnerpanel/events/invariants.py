"""What must be true of events on their way."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from partnerpanel.events.models import Outbox
from partnerpanel.invariants.registry import Broken, Invariant
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public

# A consumer that fails is asked again after minutes; this long nothing stays here in a healthy installation.
PATIENCE = timedelta(minutes=30)


def _unsent(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    rows = Outbox.objects.for_partner(partner_id).filter(parked_at=None, event__recorded_at__lt=system_now() - PATIENCE)
    columns = ("pk", "event__customer_id", "consumer", "event__kind")
    return [
        Broken(public("out", id_), customer_id, f"{consumer}: {kind}")
        for id_, customer_id, consumer, kind in rows.order_by("pk").values_list(*columns)[:limit]
    ]


OUTBOX = Invariant(
    name="events_are_passed_on",
    sentence=_("Every change is passed on to mails, services and figures."),
    remedy=_("See that workers and beat run; what fails again and again comes to Home with its reason."),
    find=_unsent,
)
