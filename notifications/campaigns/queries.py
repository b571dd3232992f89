"""Campaigns as pages and programs show them, in the open scope."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from notifications.campaigns.models import Campaign
from notifications.models import Message
from notifications.rules.states import MessageState
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.paging import Page
from partnerpanel.tenancy import keyset


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a campaign so far; `waiting` have not got it yet, `unknown` may have."""

    total: int = 0
    waiting: int = 0
    sent: int = 0
    left_out: int = 0
    failed: int = 0
    unknown: int = 0
    delivered: int = 0
    bounced: int = 0
    complained: int = 0
    unsubscribed: int = 0

    @property
    def settled(self) -> int:
        return self.total - self.waiting


WAITING = (MessageState.HELD, MessageState.QUEUED, MessageState.SENDING)


def campaign(partner_id: UUID, campaign_id: UUID) -> Campaign:
    """Raises NotFound."""
    found = Campaign.objects.for_partner(partner_id).filter(pk=campaign_id).first()
    if found is None:
        raise NotFound(_("There is no such campaign."), field="id")
    return found


def campaign_page(partner_id: UUID, *, cursor: str | None, limit: int = 50) -> Page[Campaign]:
    """The newest first. Raises InvalidCursor."""
    rows = Campaign.objects.for_partner(partner_id)
    return keyset.page(rows, key="created_at", descending=True, cursor=cursor, limit=limit)


def figures_of(partner_id: UUID, campaigns: Collection[Campaign]) -> dict[UUID, Figures]:
    """By campaign, in one query."""
    by_event = {row.event_id: row.pk for row in campaigns if row.event_id is not None}
    rows = Message.objects.for_partner(partner_id).filter(event__in=list(by_event))
    counted = (
        rows.order_by()
        .values("event_id", "state")
        .annotate(
            many=Count("pk"),
            **{name: Count(f"{name}_at") for name in ("delivered", "bounced", "complained", "unsubscribed")},
        )
    )
    found: dict[UUID, dict[str, int]] = {}
    for one in counted:
        figures = found.setdefault(by_event[one["event_id"]], {})
        _add(figures, one)
    return {row.pk: Figures(**found.get(row.pk, {})) for row in campaigns}


def _add(figures: dict[str, int], one: Mapping[str, Any]) -> None:
    state = MessageState(one["state"])
    name = "waiting" if state in WAITING else "sent" if state is MessageState.KEPT else state.value
    for key in ("total", name):
        figures[key] = figures.get(key, 0) + one["many"]
    for key in ("delivered", "bounced", "complained", "unsubscribed"):
        figures[key] = figures.get(key, 0) + one[key]


def recipients(row: Campaign, *, limit: int | None = None) -> Iterator[Message]:
    """Those of a confirmed campaign with their customers: first whom something stopped, then by their ids."""
    rows = Message.objects.for_partner(row.partner_id).filter(event=row.event_id).select_related("customer")
    ordered = rows.order_by("state", "id")
    yield from (ordered[:limit] if limit else ordered.iterator(chunk_size=2_000))
