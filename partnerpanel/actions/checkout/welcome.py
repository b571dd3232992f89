"""Who has bought is mailed the way to the credentials as soon as the service is set up: once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from notifications.welcome import told_soon
from partnerpanel.actions.checkout.models import Checkout
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.credentials import NoLogin
from subscriptions.services import credentials


def welcome(partner_id: UUID, subscription_ids: Collection[UUID], *, now: datetime) -> None:
    """For those that were bought at a checkout, in the open scope; a second call mails nobody again.

    The link itself is made when the mail is handed over, and works once. Where the mail that it has begun is still to
    go, that takes the link along.
    """
    apart = set(subscription_ids) - told_soon(partner_id, subscription_ids, now)
    for subscription_id in _taken(partner_id, apart, now):
        try:
            mode = credentials.mode_of(partner_id)
            credentials.send(subscription_id, mode=mode, actor=Actor.system(partner_id), now=now)
        except NoLogin:
            continue


class BoughtHere:
    """What the first mail asks of the checkouts."""

    def unwelcomed(self, partner_id: UUID, subscription_ids: Collection[UUID]) -> set[UUID]:
        rows = Checkout.objects.for_partner(partner_id).filter(subscription__in=subscription_ids, welcomed_at=None)
        return set(rows.values_list("subscription", flat=True))

    def carried(self, partner_id: UUID, subscription_id: UUID, *, now: datetime) -> None:
        for taken in _taken(partner_id, {subscription_id}, now):
            credentials.note_sent(taken, actor=Actor.system(partner_id), now=now)

    def apart(self, partner_id: UUID, subscription_id: UUID, *, now: datetime) -> None:
        welcome(partner_id, {subscription_id}, now=now)


def _taken(partner_id: UUID, subscription_ids: Collection[UUID], now: datetime) -> list[UUID]:
    """Those that nobody has taken before."""
    rows = Checkout.objects.for_partner(partner_id).filter(subscription__in=subscription_ids, welcomed_at=None)
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for row in found:
        row.welcomed_at = now
        row.save(update_fields=["welcomed_at"])
    return [row.subscription_id for row in found if row.subscription_id]
