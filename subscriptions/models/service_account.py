from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.models.subscription import Subscription
from subscriptions.rules.service_states import ServiceState


class ServiceAccount(DueModel):
    """The customer's login on the partner's service, as it should be and as it was last made.

    `password_sealed` is encrypted and opens for this row alone. `password_number` counts its passwords, and the
    newest `password_pending` until the service has it. `terms` say what it may use and `made_terms` what the service
    was told last, both empty until somebody says so. `due_at` is set while wish and fact differ.
    """

    subscription = TenantForeignKey(Subscription, models.PROTECT, related_name="+")
    username = models.CharField(_("user name"), max_length=64)
    password_sealed = models.BinaryField(_("password, encrypted"))
    password_number = models.PositiveIntegerField(_("passwords so far"), default=1)
    password_pending = models.BooleanField(_("new password not set yet"), default=False)
    endpoint = models.CharField(_("address of the service"), max_length=200, blank=True)
    desired = models.CharField(_("should be"), max_length=8, choices=values(ServiceState))
    actual = models.CharField(_("is"), max_length=8, choices=values(ServiceState), default=ServiceState.ABSENT.value)
    terms: Any = models.JSONField(_("may use"), default=dict, blank=True)
    made_terms: Any = models.JSONField(_("was told to allow"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("last made"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(DueModel.Meta):
        verbose_name = _("service account")
        verbose_name_plural = _("service accounts")
        constraints = [
            models.UniqueConstraint(fields=["partner", "subscription"], name="one_service_account_per_subscription"),
            models.CheckConstraint(condition=known("desired", ServiceState), name="service_desired_known"),
            models.CheckConstraint(condition=known("actual", ServiceState), name="service_actual_known"),
        ]
        indexes = [
            due_index("provisioning_due"),
            models.Index(fields=["partner", "parked_at"], name="provisioning_parked", condition=~Q(parked_at=None)),
        ]


class InternalAccount(TenantModel):
    """The account itself, where the partner's service asks PartnerPanel who may log in: the `internal` adapter's."""

    username = models.CharField(_("user name"), max_length=64)
    password_hash = models.CharField(_("password hash"), max_length=200)
    is_enabled = models.BooleanField(_("may log in"))
    terms: Any = models.JSONField(_("may use"), default=dict, blank=True)
    owner_key = models.UUIDField(_("made for"))

    class Meta(TenantModel.Meta):
        verbose_name = _("internal account")
        verbose_name_plural = _("internal accounts")
        constraints = [models.UniqueConstraint(fields=["partner", "username"], name="one_internal_account_per_name")]
