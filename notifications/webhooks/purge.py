"""The log of requests to partners' servers goes when nobody asks about it any more."""

from __future__ import annotations

from datetime import timedelta

from notifications.webhooks.models import WebhookAttempt
from partnerpanel.queues.purging import Purge

ATTEMPTS = Purge(
    name="webhook attempts",
    model=WebhookAttempt,
    kept_for=timedelta(days=30),
    old=lambda rows, before: rows.filter(sent_at__lt=before).order_by("sent_at"),
)
