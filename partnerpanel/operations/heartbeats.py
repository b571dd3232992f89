"""Writing and reading heartbeats: one small row each, without a scope, because they are nobody's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from partnerpanel.operations.models import Heartbeat
from partnerpanel.operations.rules.silence import is_silent

BEAT = "beat"
SWEEP = "sweep:"


def seen(name: str, *, now: datetime) -> None:
    """What bears this name went on just now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def last_seen() -> dict[str, datetime]:
    """Every heartbeat by its name."""
    return dict(Heartbeat.objects.order_by("name").values_list("name", "at"))


def patience() -> timedelta:
    """How long beat may be silent before that is an outage."""
    return timedelta(minutes=settings.BEAT_PATIENCE_MINUTES)


def silent_since(*, now: datetime) -> datetime | None:
    """Beat's last tick where it is too long ago; None while all is well, and before anybody waited for the first."""
    at = Heartbeat.objects.filter(name=BEAT).values_list("at", flat=True).first()
    return at if at is not None and is_silent(at, now=now, patience=patience()) else None
