from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class Note(TenantModel):
    """What a colleague should know about a customer."""

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="+")
    author_id = models.UUIDField(_("author"), null=True)
    text = models.TextField(_("text"), max_length=5_000)
    created_at = models.DateTimeField(_("written"))

    class Meta(TenantModel.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["partner", "customer", "-created_at"], name="notes_of_customer")]
