from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel
from subscriptions.models.catalogue import Product
from subscriptions.models.service_account import ServiceAccount


class CredentialLink(TenantModel):
    """A link that shows an account's credentials once. What opens it is known to its receiver alone: here is its hash.

    Times are the system's. An account has one link at most that is neither used nor revoked.
    """

    updatable = ("used_at", "revoked_at")

    account = TenantForeignKey(ServiceAccount, models.PROTECT, related_name="+")
    token_hash = models.CharField(_("hash of the token"), max_length=64)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("link to credentials")
        verbose_name_plural = _("links to credentials")
        constraints = [
            models.UniqueConstraint(fields=["partner", "token_hash"], name="one_credential_link_per_token"),
            models.UniqueConstraint(
                fields=["partner", "account"],
                condition=Q(used_at=None, revoked_at=None),
                name="one_open_credential_link_per_account",
            ),
        ]


class PlainCredentialsConsent(TenantModel):
    """While this row stands, the partner's customers may be mailed their credentials in plain text."""

    updatable = ()

    given_at = models.DateTimeField(_("given"))
    given_by = models.UUIDField(_("given by"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("consent to plain credentials")
        verbose_name_plural = _("consents to plain credentials")
        constraints = [models.UniqueConstraint(fields=["partner"], name="one_plain_credentials_consent_per_partner")]


class ServiceAddress(TenantModel):
    """Where the customers of a product connect to; an account with an address of its own keeps that."""

    product = TenantForeignKey(Product, models.PROTECT, related_name="+")
    address = models.CharField(_("address of the service"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("address of a service")
        verbose_name_plural = _("addresses of services")
        constraints = [models.UniqueConstraint(fields=["partner", "product"], name="one_service_address_per_product")]
