"""Working through news: lease them, look outside any transaction how things stand, settle where everything settles.

What fails together is tried one by one; what fails alone is set aside, and in the end waits for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import F, QuerySet

from billing.gateway.questions import set_aside
from billing.gateway.refusals import GatewayDown
from billing.incoming.handlers import HANDLERS
from billing.incoming.models import GatewayNews
from billing.incoming.states import NewsState
from partnerpanel.queues.rows import Batch
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)

BATCH = 100
_DUE = Batch(lambda: GatewayNews.objects.filter(state=NewsState.WAITING), limit=BATCH)
LEASE_SECONDS = 120
DOWN_FOR = timedelta(minutes=2)


def drain_news(partner_id: UUID, now: datetime) -> int:
    """Works through one batch of what was told; returns how many it took. Opens scopes of its own."""
    with tenant(partner_id):
        rows = _DUE.lease(partner_id, now, seconds=LEASE_SECONDS)
    by_topic: defaultdict[tuple[str, str], list[GatewayNews]] = defaultdict(list)
    for row in rows:
        by_topic[row.gateway, row.topic].append(row)
    for alike in by_topic.values():
        _work(partner_id, alike, now)
    return len(rows)


def _work(partner_id: UUID, rows: Sequence[GatewayNews], now: datetime) -> None:
    """`rows` are of one gateway and about one topic."""
    try:
        outcomes = HANDLERS[rows[0].topic](partner_id, rows[0].gateway, rows, now)
    except GatewayDown:
        log.warning("gateway_down", gateway=rows[0].gateway, partner_id=str(partner_id), news=len(rows))
        _put_back(partner_id, rows, until=now + DOWN_FOR)
    except Exception as error:
        if len(rows) > 1:
            for row in rows:
                _work(partner_id, [row], now)
            return
        log.exception("news_not_settled", partner_id=str(partner_id), news_id=str(rows[0].pk), kind=rows[0].kind)
        with tenant(partner_id):
            set_aside(_mine(partner_id, rows), error=error, now=now)
    else:
        _finish(partner_id, rows, outcomes, now)


def _finish(partner_id: UUID, rows: Sequence[GatewayNews], ignored: Mapping[UUID, str], now: datetime) -> None:
    """`ignored` says why nothing came of a row."""
    done = [row for row in rows if row.pk not in ignored]
    ended = {"due_at": None, "leased_until": None, "last_error": "", "done_at": now}
    with tenant(partner_id):
        _mine(partner_id, done).update(state=NewsState.DONE, **ended)
        for row in rows:
            if row.pk in ignored:
                _mine(partner_id, [row]).update(state=NewsState.IGNORED, why=ignored[row.pk][:100], **ended)


def _put_back(partner_id: UUID, rows: Sequence[GatewayNews], *, until: datetime) -> None:
    """Nobody could be asked, which is nobody's failure."""
    with tenant(partner_id):
        _mine(partner_id, rows).update(due_at=until, leased_until=None, attempts=F("attempts") - 1)


def _mine(partner_id: UUID, rows: Sequence[GatewayNews]) -> QuerySet[GatewayNews]:
    """Those that nobody else has taken since."""
    mine = GatewayNews.objects.for_partner(partner_id).filter(state=NewsState.WAITING)
    return mine.filter(pk__in=[row.pk for row in rows], leased_until=rows[0].leased_until if rows else None)
