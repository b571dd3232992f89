from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.rows import TenantModel


class KeptRequest(TenantModel):
    """One request under its `Idempotency-Key`.

    `fingerprint` is the hash of method, address and body. While somebody answers it, `holder` says who, until
    `held_until` (the system's time). `action_id` is what it did, written in the very transaction that did it, with the
    first object concerned; then it never runs again, whatever becomes of whoever ran it. `status` and `body` are the
    answer.
    """

    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(max_length=64)
    holder = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    action_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=30, blank=True)
    object_id = models.UUIDField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("request of a program")
        verbose_name_plural = _("requests of programs")
        constraints = [models.UniqueConstraint(fields=["partner", "key"], name="one_request_per_key")]
        indexes = [models.Index(fields=["created_at"], name="kept_requests_by_age")]
