"""Making and changing series, in the open scope: each change with its event."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.own_series.models import OwnSeries
from notifications.own_series.rules import MOST_SERIES, InvalidSeries, SeriesDraft, checked
from notifications.owned.wording import wording_of
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.changes import plan_exists

KIND = "own_series"


class SeriesMoved(Conflict):
    """Somebody else changed it since it was shown."""

    code = "series_moved"


def create(draft: SeriesDraft, *, actor: Actor, now: datetime) -> UUID:
    """Off at first. Raises InvalidSeries, NotFound for a text or plan of nobody."""
    draft = _checked(draft, actor)
    if OwnSeries.objects.for_partner(actor.partner_id).count() >= MOST_SERIES:
        raise InvalidSeries(_("There are %(n)s series already; change one of them.") % {"n": MOST_SERIES})
    row = OwnSeries(id=uuid7(), partner_id=actor.partner_id, created_at=now, **draft.stored())
    row.save(force_insert=True)
    _change(row, {}, what="created", actor=actor, now=now)
    return row.pk  # type: ignore[no-any-return]


def change(series_id: UUID, draft: SeriesDraft, *, version: int | None, actor: Actor, now: datetime) -> None:
    """For whom it begins from now on; mails that wait keep their days, and are asked once more whether they fit.

    Raises NotFound, SeriesMoved, and what `create` raises.
    """
    row, draft = locked(series_id, actor), _checked(draft, actor)
    if version not in (None, row.version):
        raise SeriesMoved(_("Somebody else changed this series meanwhile. Look at it and repeat your change."))
    _change(row, draft.stored(), what="updated", actor=actor, now=now)


def switch(series_id: UUID, *, on: bool, actor: Actor, now: datetime) -> None:
    """Once more changes nothing. Raises NotFound."""
    row = locked(series_id, actor)
    if row.is_on != on:
        _change(row, {"is_on": on}, what="switched_on" if on else "switched_off", actor=actor, now=now)


def locked(series_id: UUID, actor: Actor) -> OwnSeries:
    """Raises NotFound alike for nobody's and for another partner's."""
    row = OwnSeries.objects.for_partner(actor.partner_id).select_for_update().filter(pk=series_id).first()
    if row is None:
        raise NotFound(_("There is no such series."), field="series")
    return row


def _checked(draft: SeriesDraft, actor: Actor) -> SeriesDraft:
    draft = checked(draft)
    for one in draft.mails:
        try:
            wording_of(actor.partner_id, template=one.template, subject="", body="")
        except NotFound:
            raise InvalidSeries(_("There is no such template; choose one of yours."), field="mails") from None
    if not all(plan_exists(actor.partner_id, id_) for id_ in draft.plans):
        raise NotFound(_("There is no such plan."), field="plans")
    return draft


def _change(row: OwnSeries, changes: dict[str, Any], *, what: str, actor: Actor, now: datetime) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])
    record([EventDraft(f"{KIND}.{what}", KIND, row.pk, row.version)], actor=actor, action_id=uuid7(), now=now)
