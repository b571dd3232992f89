from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.rows import TenantModel


class Customer(TenantModel):
    """A buyer of one partner.

    `version` counts its changes: it is the sequence of its last event. The `…_key` columns are the normalised forms
    that are searched and sorted; the `is_…` columns are its standing, written by subscriptions alone.
    """

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=400, db_collation="C", editable=False)
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=254, db_collation="C", editable=False)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=3, blank=True, default="")
    locale = models.CharField(_("language"), max_length=10, default="en")
    timezone = models.CharField(_("time zone"), max_length=64)
    tax_id = models.CharField(_("tax id"), max_length=40, blank=True)
    tax_exempt_for = models.CharField(_("exempt from tax because"), max_length=200, blank=True, default="")
    external_id = models.CharField(_("own number"), max_length=100, blank=True)
    registered_at = models.DateTimeField(_("registered"))
    erased_at = models.DateTimeField(_("personal data erased"), null=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    is_active = models.BooleanField(default=False, editable=False)
    is_expired = models.BooleanField(default=False, editable=False)
    is_suspended = models.BooleanField(default=False, editable=False)
    is_in_grace = models.BooleanField(default=False, editable=False)
    is_cancelling = models.BooleanField(default=False, editable=False)
    is_trialing = models.BooleanField(default=False, editable=False)
    is_paused = models.BooleanField(default=False, editable=False)
    is_banned = models.BooleanField(default=False, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(fields=["partner", "email_key"], name="one_customer_per_address"),
            models.UniqueConstraint(
                fields=["partner", "external_id"], condition=~Q(external_id=""), name="one_customer_per_own_number"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "name_key", "id"], name="customer_by_name"),
            models.Index(fields=["partner", "-registered_at", "-id"], name="customer_by_registration"),
            models.Index(fields=["partner", "country", "name_key", "id"], name="customer_by_country"),
            GinIndex(
                fields=["name_key", "email_key"], opclasses=["gin_trgm_ops", "gin_trgm_ops"], name="customer_trigrams"
            ),
            *(
                models.Index(
                    fields=["partner", "name_key", "id"], name=f"customer_{tab}", condition=Q(**{f"is_{tab}": True})
                )
                for tab in ("active", "expired", "suspended", "in_grace", "cancelling", "trialing", "paused", "banned")
            ),
        ]

    def __str__(self) -> str:
        return self.name
