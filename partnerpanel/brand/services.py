"""Changing a partner's brand: each change with its event, and of use from then on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from partnerpanel.brand.models import BrandLogo, BrandProfile
from partnerpanel.brand.pictures import Picture
from partnerpanel.brand.rules.checks import ACCENT, Brand, checked_brand
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor


class BrandMoved(Conflict):
    """Somebody else changed it since it was shown."""

    code = "brand_moved"


def set_brand(brand: Brand, *, version: int, actor: Actor, now: datetime) -> None:
    """Texts and colour, in the open scope. Raises InvalidBrand naming the field, BrandMoved; then nothing is written.

    `version` is the one that was shown, 0 where there was none.
    """
    _change(asdict(checked_brand(brand)), version=version, actor=actor, now=now)


def set_logo(picture: Picture, *, version: int, actor: Actor, now: datetime) -> UUID:
    """Another logo, in the open scope; documents that are issued keep theirs. Raises BrandMoved."""
    row = BrandLogo(
        partner_id=actor.partner_id,
        content=picture.content,
        width=picture.width,
        height=picture.height,
        created_at=now,
    )
    row.save(force_insert=True)
    _change({"logo_id": row.pk}, version=version, actor=actor, now=now)
    id_: UUID = row.pk
    return id_


def remove_logo(*, version: int, actor: Actor, now: datetime) -> None:
    """The name in its place, in the open scope. Raises BrandMoved."""
    _change({"logo_id": None}, version=version, actor=actor, now=now)


def _change(values: dict[str, Any], *, version: int, actor: Actor, now: datetime) -> None:
    rows = BrandProfile.objects.for_partner(actor.partner_id)
    rows.bulk_create([BrandProfile(partner_id=actor.partner_id, accent=ACCENT)], ignore_conflicts=True)
    row = rows.select_for_update().get()
    if row.version != version:
        raise BrandMoved("Somebody else changed this meanwhile. Look at it and repeat your change.", field="version")
    fields = sorted(name.removesuffix("_id") for name, value in values.items() if getattr(row, name) != value)
    if not fields:
        return
    rows.filter(pk=row.pk).update(**values, version=version + 1)
    draft = EventDraft("brand.changed", "brand", row.pk, version + 1, data={"fields": fields})
    record([draft], actor=actor, action_id=uuid7(), now=now)
