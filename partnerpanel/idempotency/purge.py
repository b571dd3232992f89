"""Requests are kept for as long as a program may send one again."""

from __future__ import annotations

from datetime import timedelta

from partnerpanel.idempotency.models import KeptRequest
from partnerpanel.queues.purging import Purge

REQUESTS = Purge(
    name="kept requests",
    model=KeptRequest,
    kept_for=timedelta(days=7),
    old=lambda rows, before: rows.filter(created_at__lt=before).order_by("created_at"),
)
