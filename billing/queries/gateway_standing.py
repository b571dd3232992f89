"""How a partner's connection to its gateway stands, as people may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.gateway.stripe.accounts import Account, account_of
from billing.gateway.stripe.endpoints import address_of
from billing.gateway.stripe.signing import newest_secret, older_until
from billing.incoming.models import GatewayNews
from billing.incoming.states import NewsState


@dataclass(frozen=True, slots=True)
class Listening:
    """What is known of webhooks. `last4` is empty without a secret; while `both_until` an older one is taken, too."""

    address: str
    last4: str
    is_made_here: bool
    since: datetime | None
    both_until: datetime | None
    heard_at: datetime | None
    heard_kind: str
    waiting: int
    parked: int


@dataclass(frozen=True, slots=True)
class GatewayStanding:
    """`account` is None while nothing is connected."""

    account: Account | None
    listening: Listening


def gateway_standing(partner_id: UUID) -> GatewayStanding:
    """In the open scope."""
    account, secret = account_of(partner_id), newest_secret(partner_id)
    if secret is not None and (account is None or secret.account != account.account):
        secret = None
    news = GatewayNews.objects.for_partner(partner_id)
    newest = news.order_by("-received_at").values_list("received_at", "kind").first()
    open_news = news.filter(state=NewsState.WAITING)
    heard_at, kind = newest or (None, "")
    listening = Listening(
        address=address_of(partner_id),
        last4=secret.last4 if secret else "",
        is_made_here=bool(secret and secret.endpoint),
        since=secret.added_at if secret else None,
        both_until=older_until(partner_id) if secret else None,
        heard_at=heard_at,
        heard_kind=kind,
        waiting=open_news.filter(parked_at=None).count(),
        parked=open_news.exclude(parked_at=None).count(),
    )
    return GatewayStanding(account, listening)
