"""System check: every model is a tenant row with its partner in every constraint, or on the closed list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import models

from partnerpanel.tenancy.control_plane import TABLES
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.rows import TenantModel


def tenant_models_are_walled(**_: Any) -> list[CheckMessage]:
    """One error for each model or constraint through which rows of two partners could touch."""
    return list(check_models(apps.get_models(include_auto_created=True)))


def check_models(found: Iterable[type[models.Model]]) -> Iterator[CheckMessage]:
    for model in found:
        if issubclass(model, TenantModel):
            yield from _check_tenant_model(model)
        elif model._meta.db_table not in TABLES:
            yield Error(
                f"{model.__name__} is neither a tenant row nor on the closed list of control-plane tables.",
                hint="Derive it from TenantModel, or add its table to tenancy/control_plane.py and say why.",
                obj=model,
                id="tenancy.E001",
            )


def _check_tenant_model(model: type[TenantModel]) -> Iterator[CheckMessage]:
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            yield _error(model, f"{field.name} is unique across partners", "E002")
        if isinstance(field, models.ForeignKey) and field.name != "partner":
            yield from _check_reference(model, field)
    for many in model._meta.local_many_to_many:
        if many.remote_field.through is None or many.remote_field.through._meta.auto_created:
            yield _error(model, f"{many.name} has a join table without a partner", "E005")
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and "partner" not in constraint.fields:
            yield _error(model, f"constraint {constraint.name} is unique across partners", "E006")
    if model._meta.unique_together:
        yield _error(model, "unique_together is used; write a UniqueConstraint that starts with the partner", "E006")


def _check_reference(model: type[TenantModel], field: models.ForeignKey[Any, Any]) -> Iterator[CheckMessage]:
    target = field.remote_field.model
    if issubclass(target, TenantModel):
        if not isinstance(field, TenantForeignKey):
            yield _error(model, f"{field.name} refers to a tenant row without its partner", "E003")
    elif target is not Partner:
        yield _error(model, f"{field.name} refers to the control plane; keep the id alone", "E004")


def _error(model: type[models.Model], what: str, number: str) -> Error:
    return Error(f"{model.__name__}: {what}.", hint="See tenancy/rows.py.", obj=model, id=f"tenancy.{number}")
