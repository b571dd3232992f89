from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField
from partnerpanel.tenancy.models.partner import Partner
from partnerpanel.tenancy.models.user import User


class Role(models.TextChoices):
    """What a person may do for one partner; the permissions of each stand in `actions.permission`."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    BILLING = "billing", _("Billing")
    SUPPORT = "support", _("Support")
    READ_ONLY = "read_only", _("Read-only")


class Membership(models.Model):
    """A person's role at one partner. A twin has none of its own: its partner's people work in it."""

    id = IdField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["partner", "user"]
        constraints = [models.UniqueConstraint(fields=["partner", "user"], name="one_membership_per_partner")]

    def __str__(self) -> str:
        return f"{self.user} · {self.partner} · {self.get_role_display()}"
