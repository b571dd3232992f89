from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


def shown(brand: str, last4: str) -> str:
    """A method as people see it: `Visa 4242`."""
    return f"{brand} {last4}"


class PaymentMethod(TenantModel):
    """A card or account that a gateway holds for a customer, known to us by the gateway's id alone.

    At most one is the default, which renewals charge; a method that was replaced is kept, for the charges it paid.
    `version` counts its changes: it is the sequence of its last event.
    """

    updatable = ("is_default", "replaced_at", "version", "brand", "last4", "exp_month", "exp_year", "gateway_ref")
    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    gateway = models.CharField(_("gateway"), max_length=30)
    gateway_ref = models.CharField(_("id at the gateway"), max_length=200)
    brand = models.CharField(_("brand"), max_length=30)
    last4 = models.CharField(_("last digits"), max_length=4)
    exp_month = models.PositiveSmallIntegerField(_("expires in month"), null=True, blank=True)
    exp_year = models.PositiveSmallIntegerField(_("expires in year"), null=True, blank=True)
    is_default = models.BooleanField(_("default"))
    added_at = models.DateTimeField(_("added"))
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "customer"], condition=Q(is_default=True), name="one_default_method_per_customer"
            ),
            models.UniqueConstraint(
                fields=["partner", "customer", "gateway", "gateway_ref"],
                condition=Q(replaced_at=None),
                name="a_method_once_per_customer",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(replaced_at=None), name="a_replaced_method_is_no_default"
            ),
            models.CheckConstraint(
                condition=Q(exp_month=None) | Q(exp_month__range=(1, 12)), name="method_expires_in_a_month"
            ),
        ]
        indexes = [models.Index(fields=["partner", "customer", "-added_at", "-id"], name="methods_of_customer")]

    def __str__(self) -> str:
        return shown(self.brand, self.last4)
