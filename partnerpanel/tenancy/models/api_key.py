from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField
from partnerpanel.tenancy.models.partner import Partner

HASH_LENGTH = 64


class ApiKey(models.Model):
    """A program's way in for one partner, or for a partner's test mode where that twin is its partner.

    The key itself is shown once and kept as its SHA-256 alone; it is as random as the hash is long, so no salt is
    needed. `networks` are the addresses that it works from, none for all. `version` is of the API, as it was when the
    key was made. One that was rotated works until `expires_at`, and `replaced_by` is its successor.
    """

    id = IdField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    hashed = models.CharField(max_length=HASH_LENGTH, unique=True, editable=False)
    hint = models.CharField(_("its last letters"), max_length=4, editable=False)
    scopes: Any = models.JSONField(_("scopes"))
    networks: Any = models.JSONField(_("addresses that it works from"), default=list)
    version = models.CharField(_("version of the API"), max_length=10)
    created_by = models.UUIDField(_("made by"), null=True)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True)
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["partner", "-created_at", "-id"], name="api_keys_of_partner")]

    def __str__(self) -> str:
        return self.name
