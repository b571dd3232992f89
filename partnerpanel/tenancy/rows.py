"""The base of every tenant row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models

from partnerpanel.tenancy.fields import IdField
from partnerpanel.tenancy.models import Partner

Row_co = TypeVar("Row_co", bound="TenantModel", covariant=True)


class TenantQuerySet(models.QuerySet[Row_co]):
    """Every read starts with the partner; row-level security says the same once more."""

    def for_partner(self, partner_id: UUID) -> Self:
        return self.filter(partner_id=partner_id)


class TenantModel(models.Model):
    """A row of one partner, behind the three walls.

    `updatable` names the columns that the application's role may change (None: all of them, empty: none);
    `deletable` says whether it may delete. The database grants no more than that.
    """

    updatable: ClassVar[tuple[str, ...] | None] = None
    deletable: ClassVar[bool] = True

    id = IdField()
    partner = models.ForeignKey(Partner, models.PROTECT, db_constraint=False, db_index=False, related_name="+")

    objects: ClassVar[TenantQuerySet[Self]] = TenantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        default_permissions = ("view",)


def columns_of(model: type[TenantModel], names: Iterable[str]) -> list[models.Field[Any, Any]]:
    """The model's concrete fields of these names. Raises FieldDoesNotExist."""
    found = [model._meta.get_field(name) for name in names]
    return [field for field in found if isinstance(field, models.Field)]


class AppendOnlyModel(TenantModel):
    """A tenant row that is never changed or deleted: the database refuses."""

    updatable = ()
    deletable = False

    class Meta(TenantModel.Meta):
        abstract = True
