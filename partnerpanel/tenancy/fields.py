"""Fields that migrations see as Django's own, so that no migration imports the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.among import Among

if TYPE_CHECKING:
    UUIDField = models.UUIDField[Any, Any]
else:
    UUIDField = models.UUIDField


class IdField(UUIDField):
    """Primary key: a UUID of version 7, made in Python."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("editable", False)
        kwargs["default"] = uuid7
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.UUIDField", args, kwargs


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A reference inside one partner.

    Django makes no constraint for it: the walls make `(partner_id, x_id) → (partner_id, id)` instead, so a reference
    to another partner's row cannot exist. No index by itself either; declare the one that the queries need.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


models.UUIDField.register_lookup(Among)
TenantForeignKey.register_lookup(Among)
