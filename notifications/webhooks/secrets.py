"""The secrets of an endpoint: sealed, shown once, two live at most."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from notifications.webhooks.models import WebhookSecret
from notifications.webhooks.rules.signing import SECRET_BYTES, written_secret
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.tenancy.secrets import seal, unseal

COLUMN = "webhook_secret"
LONGEST_OVERLAP = timedelta(hours=24)


def new_secret(partner_id: UUID, endpoint_id: UUID, *, overlap: timedelta, at: datetime) -> str:
    """The newest from now on, in the open scope; the one before signs too for the overlap, any older one no more."""
    rows = WebhookSecret.objects.for_partner(partner_id).filter(endpoint=endpoint_id)
    rows.filter(ends_at__isnull=False).delete()
    if overlap > timedelta(0):
        rows.filter(ends_at=None).update(ends_at=at + overlap)
    else:
        rows.delete()
    secret, row_id = written_secret(os.urandom(SECRET_BYTES)), uuid7()
    WebhookSecret(
        id=row_id,
        partner_id=partner_id,
        endpoint_id=endpoint_id,
        sealed_secret=seal(secret, partner_id=partner_id, row=row_id, column=COLUMN),
        last4=secret[-4:],
        added_at=at,
    ).save(force_insert=True)
    return secret


def live_secrets(partner_id: UUID, endpoint_ids: Collection[UUID], *, at: datetime) -> dict[UUID, list[str]]:
    """By endpoint what its messages are signed with at this instant, the newest first; in the open scope."""
    found: dict[UUID, list[str]] = {}
    for row in _live(partner_id, endpoint_ids, at):
        opened = unseal(row.sealed_secret, partner_id=partner_id, row=row.pk, column=COLUMN)
        found.setdefault(row.endpoint_id, []).append(opened)
    return found


def shown_secrets(
    partner_id: UUID, endpoint_ids: Collection[UUID], *, at: datetime
) -> dict[UUID, list[tuple[str, datetime | None]]]:
    """By endpoint the last letters of its live secrets and when each ends; in the open scope."""
    found: dict[UUID, list[tuple[str, datetime | None]]] = {}
    for row in _live(partner_id, endpoint_ids, at).defer("sealed_secret"):
        found.setdefault(row.endpoint_id, []).append((row.last4, row.ends_at))
    return found


def forget_secrets(partner_id: UUID, endpoint_id: UUID) -> None:
    """In the open scope."""
    WebhookSecret.objects.for_partner(partner_id).filter(endpoint=endpoint_id).delete()


def _live(partner_id: UUID, endpoint_ids: Collection[UUID], at: datetime) -> TenantQuerySet[WebhookSecret]:
    rows = WebhookSecret.objects.for_partner(partner_id).filter(endpoint__in=endpoint_ids)
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=at)).order_by("-added_at", "-id")
