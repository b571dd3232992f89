from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.rules.reconciling import Difference
from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.rows import TenantModel


class Mismatch(TenantModel):
    """A charge on which gateway and books differ. It goes with a comparison that finds none any more, or is closed by
    a person with a reason.

    `key` is the attempt's id, as the gateway keeps it; `at` when the gateway, or else the books, moved the money.
    """

    gateway = models.CharField(_("gateway"), max_length=30)
    key = models.CharField(_("key"), max_length=200)
    gateway_id = models.CharField(_("id at the gateway"), max_length=100, blank=True)
    difference = models.CharField(_("difference"), max_length=20, choices=values(Difference))
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    customer_id = models.UUIDField(_("customer"), null=True)
    why = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    seen_at = models.DateTimeField(_("last seen"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_because = models.CharField(_("because"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("mismatch")
        verbose_name_plural = _("mismatches")
        constraints = [
            models.UniqueConstraint(fields=["partner", "gateway", "key"], name="one_mismatch_per_key"),
            models.CheckConstraint(condition=known("difference", Difference), name="mismatch_difference_known"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
