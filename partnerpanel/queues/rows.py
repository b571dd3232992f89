"""The columns of a row that is work: when it is due, who has it, how often it was tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.bulk import update_rows
from partnerpanel.tenancy.reads import Read
from partnerpanel.tenancy.rows import TenantModel

MAX_ATTEMPTS = 5
ERROR_LENGTH = 500
# No lease is longer: one that ends later was taken by a clock that has been put back since, and holds nobody up.
LONGEST_LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LongerWait:
    """Rows with this value in this column wait for up to `longest`, longer than the others of their model."""

    column: str
    value: str
    longest: timedelta


class DueModel(TenantModel):
    """Work in a row. `due_at` is business time; the lease is system time. Parked work waits for a person.

    `longest_wait` is set where no row is ever due later than that: one that is was written by a clock that has been put
    back since, and is due now. `waits_longer` names the rows that have a longest wait of their own.
    """

    longest_wait: ClassVar[timedelta | None] = None
    waits_longer: ClassVar[LongerWait | None] = None

    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    parked_at = models.DateTimeField(_("waiting for a person since"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=ERROR_LENGTH, blank=True)

    class Meta(TenantModel.Meta):
        abstract = True


def due_index(name: str) -> models.Index:
    """The index that every table of due work has: nothing but rows that wait."""
    return models.Index(fields=["partner", "due_at"], name=name, condition=Q(due_at__isnull=False, parked_at=None))


def parked_index(name: str) -> models.Index:
    """The index behind a list of what waits for a person, where the table is large."""
    return models.Index(fields=["partner", "parked_at"], name=name, condition=~Q(parked_at=None))


Work = TypeVar("Work", bound=DueModel)


def unleased(now: datetime) -> Q:
    """Whether nobody has a row at this instant of the system's clock."""
    return _unleased(now, now + LONGEST_LEASE)


def due(rows: models.QuerySet[Work], *, partner_id: UUID, now: datetime) -> models.QuerySet[Work]:
    """The rows that may be taken now, the longest due first."""
    return _due(rows, partner_id, *_instants(rows.model, now))


class Batch(Generic[Work]):
    """So many due rows of a queue as one worker takes at a time: those of `rows`, whose statement is built once.

    `beside` reads by their ids what fields of the rows refer to. A join is planned by what was known of the partner, so
    where that is old each due row may be held against every row of the partner.
    """

    def __init__(
        self,
        rows: Callable[[], models.QuerySet[Work]],
        *,
        limit: int,
        beside: Mapping[str, Read[Any]] | None = None,
    ) -> None:
        self._model: type[DueModel] | None = None
        self._rows, self._limit, self._beside = rows, limit, beside or {}
        self._read = Read(self._locked)

    def lock(self, partner_id: UUID, now: datetime) -> list[Work]:
        """Locks due rows that nobody else has locked, until the transaction ends."""
        if self._model is None:
            self._model = self._rows().model
        rows = self._read(partner_id, *_instants(self._model, now))
        for name, read in self._beside.items() if rows else ():
            field: Any = self._model._meta.get_field(name)
            found = {one.pk: one for one in read(partner_id, [getattr(row, field.attname) for row in rows])}
            for row in rows:
                field.set_cached_value(row, found[getattr(row, field.attname)])
        return rows

    def lease(
        self,
        partner_id: UUID,
        now: datetime,
        *,
        seconds: int,
        also: Mapping[str, Callable[[Work], Any]] | None = None,
        among: Callable[[list[Work]], list[Work]] | None = None,
    ) -> list[Work]:
        """Takes due rows for `seconds`, counting the attempt, so that they can be worked on outside a transaction.

        `also` are columns that are written with the lease; what is returned has them as they were before. `among` says
        which of the rows are taken; the others stay as they are.
        """
        taken, more = self.lock(partner_id, now), also or {}
        taken, until = among(taken) if among else taken, system_now() + timedelta(seconds=seconds)
        for row in taken:
            row.leased_until, row.attempts = until, row.attempts + 1
        if taken:
            columns = ("leased_until", "attempts", *more)
            values = [(row.pk, until, row.attempts, *(value(row) for value in more.values())) for row in taken]
            update_rows(type(taken[0]), partner_id=partner_id, columns=columns, rows=values)
        return taken

    def _locked(self, partner_id: UUID, *instants: datetime) -> models.QuerySet[Work]:
        rows = _due(self._rows(), partner_id, *instants)
        return rows.select_for_update(skip_locked=True, of=("self",))[: self._limit]


def _instants(model: type[DueModel], now: datetime) -> list[datetime]:
    """Business time, the system's and the end of the longest lease; where the model has waits, their ends too."""
    system_at, longer = system_now(), model.waits_longer
    waits = [model.longest_wait, longer.longest if longer else None]
    return [now, system_at, system_at + LONGEST_LEASE, *(now + wait for wait in waits if wait is not None)]


def _due(
    rows: models.QuerySet[Work],
    partner_id: UUID,
    now: datetime,
    system_at: datetime,
    lease_ends: datetime,
    *waits_end: datetime,
) -> models.QuerySet[Work]:
    is_due, longer = Q(due_at__lte=now), rows.model.waits_longer
    if waits_end:
        too_late = Q(due_at__gt=waits_end[0])
        if longer is not None:
            too_late &= ~Q(**{longer.column: longer.value}) | Q(due_at__gt=waits_end[1])
        is_due |= too_late
    free = rows.filter(is_due, _unleased(system_at, lease_ends), partner_id=partner_id, parked_at=None)
    return free.order_by("due_at", "id")


def _unleased(now: datetime, lease_ends: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=lease_ends)


def postpone(row: DueModel, *, error: str, now: datetime, waits: Sequence[timedelta]) -> None:
    """Sets the next try after a failed attempt, or parks the row for a person when the waits are used up.

    `attempts` counts the failed one already. The caller saves the row.
    """
    row.leased_until = None
    row.last_error = error[:ERROR_LENGTH]
    if row.attempts > len(waits):
        row.parked_at = now
    else:
        row.due_at = now + waits[row.attempts - 1]


POSTPONED_COLUMNS = ("leased_until", "last_error", "parked_at", "due_at", "attempts")
