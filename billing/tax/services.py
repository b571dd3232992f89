"""The partner's own registration, and its rates: each change with its event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from billing.tax.models import TaxProfile, TaxRate
from billing.tax.rules.checks import InvalidTax, NewRate, OwnTaxes, checked_own, checked_rate
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor

TAKEN = "Another rate of this kind counts there on one of these days. Give it an end first, or archive it."


class TaxMoved(Conflict):
    """Somebody else changed it since it was shown."""

    code = "tax_moved"


def set_own_taxes(own: OwnTaxes, *, version: int, actor: Actor, now: datetime) -> None:
    """Where the partner is registered, in the open scope. `version` is the one that was shown, 0 where there was none.

    Raises InvalidTax naming the field, TaxMoved; then nothing is written.
    """
    own = checked_own(own)
    values = {
        "country": own.country,
        "region": own.region,
        "is_registered": own.is_registered,
        "tax_id": own.tax_id,
        "registrations": [{"country": one.country, "tax_id": one.tax_id} for one in own.registrations],
    }
    rows = TaxProfile.objects.for_partner(actor.partner_id)
    rows.bulk_create([TaxProfile(partner_id=actor.partner_id, country=own.country)], ignore_conflicts=True)
    row = rows.select_for_update().get()
    if row.version != version:
        raise TaxMoved("Somebody else changed this meanwhile. Look at it and repeat your change.", field="version")
    fields = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if version and not fields:
        return
    rows.filter(pk=row.pk).update(**values, version=version + 1)
    _record("tax_profile.changed", "tax_profile", row.pk, version + 1, {"fields": fields}, actor=actor, now=now)


def add_rate(new: NewRate, *, actor: Actor, now: datetime) -> UUID:
    """A rate from its day on, in the open scope. Raises InvalidTax naming the field; then nothing is written."""
    new = checked_rate(new)
    _locked(actor.partner_id)
    _refuse_clash(actor.partner_id, new)
    row = _made(new, actor=actor, now=now)
    _record("tax_rate.added", "tax_rate", row.pk, 1, _said(row), actor=actor, now=now)
    id_: UUID = row.pk
    return id_


def new_version(rate_id: UUID, *, percent: Decimal, valid_from: date, actor: Actor, now: datetime) -> UUID:
    """Another percentage from a day on: the rate ends before it, and a new one begins. In the open scope.

    What was issued by the old one stays. Raises NotFound, InvalidTax naming the field.
    """
    _locked(actor.partner_id)
    row = _row(actor.partner_id, rate_id)
    new = checked_rate(
        NewRate(
            row.kind, row.name, row.country, percent, row.is_inclusive, valid_from, row.valid_until, region=row.region
        )
    )
    if valid_from <= row.valid_from or (row.valid_until is not None and valid_from >= row.valid_until):
        message = "The new percentage begins after the first day of the one that it replaces, and within its time."
        raise InvalidTax(message, field="valid_from")
    _ends(row, valid_from)
    _refuse_clash(actor.partner_id, new)
    made = _made(new, actor=actor, now=now, replaces=row.pk)
    data = {"until": valid_from.isoformat(), "replaced_by": str(made.pk)}
    _record("tax_rate.replaced", "tax_rate", row.pk, row.version + 1, data, actor=actor, now=now)
    _record("tax_rate.added", "tax_rate", made.pk, 1, _said(made), actor=actor, now=now)
    id_: UUID = made.pk
    return id_


def archive_rate(rate_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Nothing is taxed by it any more; documents stay as they are. In the open scope. Raises NotFound, InvalidTax."""
    row = _row(actor.partner_id, rate_id)
    if row.archived_at is not None:
        raise InvalidTax("It is archived already.", field="rate")
    TaxRate.objects.for_partner(actor.partner_id).filter(pk=row.pk).update(archived_at=now, version=row.version + 1)
    _record("tax_rate.archived", "tax_rate", row.pk, row.version + 1, {}, actor=actor, now=now)


def restore_rate(rate_id: UUID, *, actor: Actor, now: datetime) -> None:
    """It counts again, for its time. In the open scope. Raises NotFound, InvalidTax where another took its place."""
    _locked(actor.partner_id)
    row = _row(actor.partner_id, rate_id)
    if row.archived_at is None:
        raise InvalidTax("It is not archived.", field="rate")
    _refuse_clash(
        actor.partner_id,
        NewRate(
            row.kind,
            row.name,
            row.country,
            row.percent,
            row.is_inclusive,
            row.valid_from,
            row.valid_until,
            region=row.region,
        ),
    )
    TaxRate.objects.for_partner(actor.partner_id).filter(pk=row.pk).update(archived_at=None, version=row.version + 1)
    _record("tax_rate.restored", "tax_rate", row.pk, row.version + 1, {}, actor=actor, now=now)


def _locked(partner_id: UUID) -> None:
    """One at a time: rates are compared with each other."""
    list(TaxRate.objects.for_partner(partner_id).order_by("pk").select_for_update())


def _row(partner_id: UUID, rate_id: UUID) -> TaxRate:
    row = TaxRate.objects.for_partner(partner_id).select_for_update().filter(pk=rate_id).first()
    if row is None:
        raise NotFound("There is no such tax rate.", field="rate")
    return row


def _made(new: NewRate, *, actor: Actor, now: datetime, replaces: UUID | None = None) -> TaxRate:
    row = TaxRate(
        partner_id=actor.partner_id,
        kind=new.kind,
        name=new.name,
        country=new.country,
        region=new.region,
        percent=new.percent,
        is_inclusive=new.is_inclusive,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        replaces_id=replaces,
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Another was added at the same moment.
        raise TaxMoved(TAKEN, field="valid_from") from None
    return row


def _ends(row: TaxRate, on: date) -> None:
    rows = TaxRate.objects.for_partner(row.partner_id).filter(pk=row.pk)
    rows.update(valid_until=on, version=row.version + 1)


def _refuse_clash(partner_id: UUID, new: NewRate) -> None:
    """Two rates of one kind at one place never count on the same day, and all of a country are told alike: on top of
    prices, or contained in them."""
    rows = TaxRate.objects.for_partner(partner_id).filter(archived_at=None, country=new.country)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gt=new.valid_from))
    if new.valid_until is not None:
        rows = rows.filter(valid_from__lt=new.valid_until)
    for row in rows:
        if row.kind == new.kind and row.region == new.region:
            raise InvalidTax(TAKEN, field="valid_from")
        if row.is_inclusive != new.is_inclusive:
            message = f"{row.name} is told the other way: all taxes of a country are contained in prices, or none is."
            raise InvalidTax(message, field="is_inclusive")


def _said(row: TaxRate) -> dict[str, object]:
    return {
        "kind": row.kind,
        "country": row.country,
        "region": row.region,
        "percent": f"{row.percent:f}",
        "from": row.valid_from.isoformat(),
    }


def _record(
    kind: str, of: str, id_: UUID, version: int, data: Mapping[str, object], *, actor: Actor, now: datetime
) -> None:
    record([EventDraft(kind, of, id_, version, data=data)], actor=actor, action_id=uuid7(), now=now)
