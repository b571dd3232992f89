from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.rules.portal_roles import PortalRole
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class PortalLogin(TenantModel):
    """A person who signs in for a customer; whoever does so for several has a log-in at each.

    One that was removed is kept, so that what it did keeps its name; `accepted_at` is its first sign-in. `version`
    counts its changes: it is the sequence of its last event.
    """

    customer = TenantForeignKey(Customer, models.PROTECT, related_name="+")
    email = models.EmailField(_("e-mail"), max_length=254)
    email_key = models.CharField(max_length=254, db_collation="C", editable=False)
    role = models.CharField(_("role"), max_length=10, choices=values(PortalRole))
    invited_at = models.DateTimeField(_("invited"))
    accepted_at = models.DateTimeField(_("first signed in"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("portal log-in")
        verbose_name_plural = _("portal log-ins")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "email_key", "customer"],
                condition=Q(removed_at=None),
                name="one_portal_login_per_address",
            ),
            models.CheckConstraint(condition=known("role", PortalRole), name="portal_role_known"),
        ]
        indexes = [models.Index(fields=["partner", "customer", "invited_at", "id"], name="portal_logins_of_customer")]

    def __str__(self) -> str:
        return self.email


class PortalSession(TenantModel):
    """A browser in which somebody is signed in to the portal. What proves it is known to that browser alone: here is
    its hash. Times are the system's."""

    updatable = ("seen_at", "ended_at")

    login = TenantForeignKey(PortalLogin, models.PROTECT, related_name="+")
    token_hash = models.CharField(_("hash of the token"), max_length=64)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    is_remembered = models.BooleanField(_("remembered"))
    began_at = models.DateTimeField(_("signed in"))
    seen_at = models.DateTimeField(_("last seen"))
    expires_at = models.DateTimeField(_("expires"))
    ended_at = models.DateTimeField(_("signed out"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("portal session")
        verbose_name_plural = _("portal sessions")
        constraints = [
            models.UniqueConstraint(fields=["partner", "token_hash"], name="one_portal_session_per_token"),
        ]
        indexes = [
            models.Index(fields=["partner", "login", "-began_at"], name="portal_sessions_of_login"),
            models.Index(fields=["partner", "expires_at"], name="portal_sessions_by_age"),
        ]
