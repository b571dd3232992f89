"""Taking news in: known to be the gateway's, written down, and a worker woken. Nothing is done about them here."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from billing.gateway.news import News
from billing.gateway.registry import teller_named
from billing.incoming.models import GatewayNews
from billing.incoming.states import NewsState
from partnerpanel.kernel.clock import system_now
from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import insert_rows
from partnerpanel.tenancy.scope import tenant

COLUMNS = ("gateway", "ref", "kind", "topic", "about", "key", "state", "said_at", "received_at", "due_at")


def receive(gateway: str, partner_id: UUID, *, body: bytes, headers: Mapping[str, str]) -> bool:
    """Keeps what a call says; False where it was told before. Opens a scope of its own.

    Raises UnknownGateway, Forged; then nothing is written.
    """
    teller = teller_named(gateway)
    with tenant(partner_id):
        news = teller.heard(partner_id, body, headers)
        return remember(partner_id, gateway, news)


def remember(partner_id: UUID, gateway: str, news: News) -> bool:
    """The same for news that are known to be true, in the open scope."""
    now = system_now()
    row = (gateway, news.id, news.kind, news.topic, news.about, news.key, NewsState.WAITING, news.said_at, now, now)
    is_new = bool(insert_rows(GatewayNews, partner_id=partner_id, columns=COLUMNS, rows=[row], ignore_conflicts=True))
    if is_new:
        wake("news", partner_id)
    return is_new
