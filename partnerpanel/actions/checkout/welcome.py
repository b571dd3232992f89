"""Who has bought is mailed the way to the credentials as soon as the service is set up: once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.credentials import NoLogin
from subscriptions.services import credentials


def welcome(partner_id: UUID, subscription_ids: Collection[UUID], *, now: datetime) -> None:
    """For those that were bought at a checkout, in the open scope; a second call mails nobody again.

    The link itself is made when the mail is handed over, and works once.
    """
    rows = Checkout.objects.for_partner(partner_id).filter(subscription__in=subscription_ids, welcomed_at=None)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.welcomed_at = now
        row.save(update_fields=["welcomed_at"])
        try:
            mode = credentials.mode_of(partner_id)
            credentials.send(row.subscription_id, mode=mode, actor=Actor.system(partner_id), now=now)
        except NoLogin:
            continue
