from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.models.subscription import Subscription
from subscriptions.rules.states import HoldKind


class Hold(TenantModel):
    """A reason why access is blocked, on one subscription, or without one on all of the customer's."""

    deletable = False

    customer = TenantForeignKey("customers.Customer", models.PROTECT, related_name="+")
    subscription = TenantForeignKey(Subscription, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=15, choices=values(HoldKind))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    placed_at = models.DateTimeField(_("placed"))
    placed_action_id = models.UUIDField(_("placed by"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_action_id = models.UUIDField(_("released by"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subscription", "kind"],
                condition=Q(released_at=None, subscription__isnull=False),
                name="one_open_hold_per_kind_and_subscription",
            ),
            models.UniqueConstraint(
                fields=["partner", "customer", "kind"],
                condition=Q(released_at=None, subscription=None),
                name="one_open_hold_per_kind_and_customer",
            ),
            models.CheckConstraint(condition=known("kind", HoldKind), name="hold_kind_known"),
        ]
        indexes = [
            models.Index(fields=["partner", "customer"], name="open_holds_of_customer", condition=Q(released_at=None)),
            models.Index(fields=["partner", "placed_action_id"], name="holds_placed_by"),
        ]


class HoldEvidence(TenantModel):
    """Why a hold is right: a note and at most one file, read by staff alone."""

    updatable = ()

    hold = TenantForeignKey(Hold, models.PROTECT, related_name="+")
    note = models.TextField(_("note"), max_length=5_000, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    file_type = models.CharField(_("file type"), max_length=100, blank=True)
    content = models.BinaryField(_("content"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [models.UniqueConstraint(fields=["partner", "hold"], name="one_evidence_per_hold")]
