from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class Tag(TenantModel):
    """A partner's word for a group of customers."""

    name = models.CharField(_("name"), max_length=40)

    class Meta(TenantModel.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["partner", "name"], name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name


class CustomerTag(TenantModel):
    """A tag on a customer."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="+")
    tag = TenantForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = _("tag of a customer")
        verbose_name_plural = _("tags of customers")
        constraints = [models.UniqueConstraint(fields=["partner", "customer", "tag"], name="a_tag_once_per_customer")]
        indexes = [models.Index(fields=["partner", "tag", "customer"], name="customers_of_tag")]
