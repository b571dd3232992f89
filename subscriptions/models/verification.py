from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.rules.verification import VerificationOutcome


class Verification(TenantModel):
    """What a customer was asked to show, by presets and in words of the partner's own, and how it ended."""

    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    presets = models.JSONField(_("presets"), default=list)
    asks = models.CharField(_("asked for"), max_length=500, blank=True)
    blocks = models.BooleanField(_("blocks access"))
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.UUIDField(_("asked by"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, blank=True, choices=values(VerificationOutcome))

    class Meta(TenantModel.Meta):
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "customer"], condition=Q(closed_at=None), name="one_open_verification_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | known("outcome", VerificationOutcome), name="verification_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="verification_closed_with_outcome",
            ),
        ]
