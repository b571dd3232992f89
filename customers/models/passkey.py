from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.portal import PortalLogin
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class Passkey(TenantModel):
    """A device with which a log-in signs in without a mail. Here is its public half: it proves, and opens nothing.

    It works on the host name `host` alone. `credential_id` is the device's own name for it, in base64url; `credential`
    is that with the key, as WebAuthn's attested credential data. Times are the system's.
    """

    updatable = ("uses", "used_at")

    login = TenantForeignKey(PortalLogin, models.PROTECT, related_name="+")
    host = models.CharField(_("host name"), max_length=253)
    credential_id = models.CharField(max_length=1400, db_collation="C", editable=False)
    credential = models.BinaryField(editable=False)
    uses = models.BigIntegerField(_("uses counted by the device"), default=0)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("added"))
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        constraints = [models.UniqueConstraint(fields=["partner", "credential_id"], name="one_passkey_per_credential")]
        indexes = [models.Index(fields=["partner", "login", "made_at"], name="passkeys_of_login")]


class PasskeyChallenge(TenantModel):
    """What a device is asked to sign, once: to add a passkey to `login`, or without one to sign in.

    Only a hash is kept, since it proves nothing but that it was asked.
    """

    updatable = ("used_at",)

    login = TenantForeignKey(PortalLogin, models.PROTECT, related_name="+", null=True, blank=True)
    challenge_hash = models.CharField(max_length=64, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("passkey challenge")
        verbose_name_plural = _("passkey challenges")
        constraints = [
            models.UniqueConstraint(fields=["partner", "challenge_hash"], name="one_passkey_challenge_per_hash")
        ]
        indexes = [models.Index(fields=["partner", "expires_at"], name="passkey_challenges_by_age")]
