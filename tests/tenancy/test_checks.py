"""A model through which rows of two partners could touch fails the system check."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.checks import CheckMessage
from django.db import models
from django.db.models.functions import Lower
from django.test.utils import isolate_apps

from customers.models import Customer, Tag
from partnerpanel.tenancy.checks import check_models, tenant_models_are_walled
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.models import Partner, User
from partnerpanel.tenancy.rows import TenantModel


def complaints(model: type[models.Model]) -> dict[str, str]:
    found: list[CheckMessage] = list(check_models([model]))
    return {message.id or "": message.msg for message in found}


def test_every_model_of_the_product_passes() -> None:
    assert tenant_models_are_walled() == []


def test_the_closed_list_names_no_table_that_is_gone() -> None:
    from partnerpanel.tenancy.control_plane import READ_ONLY, TABLES

    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables >= TABLES >= READ_ONLY


@isolate_apps("customers")
def test_a_model_of_nobody_is_caught() -> None:
    class Stray(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "customers"

    assert list(complaints(Stray)) == ["tenancy.E001"]


@isolate_apps("customers")
def test_a_column_unique_across_partners_is_caught() -> None:
    class Coupon(TenantModel):
        code = models.CharField(max_length=20, unique=True)

        class Meta:
            app_label = "customers"

    assert complaints(Coupon) == {"tenancy.E002": "Coupon: code is unique across partners."}


@isolate_apps("customers")
def test_a_one_to_one_field_is_unique_across_partners_too() -> None:
    class Card(TenantModel):
        customer = models.OneToOneField(Customer, models.PROTECT, related_name="+")

        class Meta:
            app_label = "customers"

    assert {"tenancy.E002", "tenancy.E003"} == set(complaints(Card))


@isolate_apps("customers")
def test_a_plain_reference_to_a_tenant_row_is_caught() -> None:
    class Letter(TenantModel):
        customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")

        class Meta:
            app_label = "customers"

    assert "tenancy.E003" in complaints(Letter)


@isolate_apps("customers")
def test_a_reference_to_the_control_plane_is_caught() -> None:
    class Visit(TenantModel):
        user = models.ForeignKey(User, models.PROTECT, related_name="+")

        class Meta:
            app_label = "customers"

    assert "tenancy.E004" in complaints(Visit)


@isolate_apps("customers")
def test_a_join_table_without_a_partner_is_caught() -> None:
    class Group(TenantModel):
        tags = models.ManyToManyField(Tag, related_name="+")

        class Meta:
            app_label = "customers"

    assert "tenancy.E005" in complaints(Group)


@isolate_apps("customers")
@pytest.mark.parametrize("kind", ["constraint", "unique_together", "expression"])
def test_a_constraint_unique_across_partners_is_caught(kind: str) -> None:
    constraint = (
        models.UniqueConstraint(Lower("code"), name="one_code")
        if kind == "expression"
        else models.UniqueConstraint(fields=["code"], name="one_code")
    )

    class Voucher(TenantModel):
        code = models.CharField(max_length=20)

        class Meta:
            app_label = "customers"
            constraints = [] if kind == "unique_together" else [constraint]
            unique_together = [("code",)] if kind == "unique_together" else []

    assert "tenancy.E006" in complaints(Voucher)


@isolate_apps("customers")
def test_a_join_table_of_its_own_needs_a_partner_as_well() -> None:
    class Row(models.Model):  # noqa: DJ008
        customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
        partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")

        class Meta:
            app_label = "customers"

    assert "tenancy.E001" in complaints(Row)


@isolate_apps("customers")
def test_a_model_behind_all_walls_passes() -> None:
    class Parcel(TenantModel):
        customer = TenantForeignKey(Customer, models.PROTECT, related_name="+")
        code = models.CharField(max_length=20)

        class Meta:
            app_label = "customers"
            constraints = [models.UniqueConstraint(fields=["partner", "code"], name="one_parcel_per_code")]

    assert complaints(Parcel) == {}
