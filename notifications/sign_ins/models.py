from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.sign_ins.states import SignInKind
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey


class SignIn(DueModel):
    """Somebody who wants in by an address, whether or not anybody signs in with it: nobody is told which.

    Link and code are made when the mail is handed over and are known to its receiver alone: here are their hashes.
    `customer` is whose it turned out to be, `about` the order that the mail is for. Times are the system's; `due_at` is
    set until the mail is out, or is not written because nobody has the address.
    """

    updatable = (
        "customer",
        "link_hash",
        "code_hash",
        "expires_at",
        "tries",
        "used_at",
        "due_at",
        "leased_until",
        "attempts",
        "parked_at",
        "last_error",
    )

    kind = models.CharField(_("kind"), max_length=10, choices=values(SignInKind))
    customer = TenantForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+")
    address = models.CharField(_("e-mail"), max_length=254)
    language = models.CharField(_("language"), max_length=10)
    about = models.UUIDField(_("order"), null=True)
    asked_at = models.DateTimeField(_("asked"))
    link_hash = models.CharField(_("hash of the link"), max_length=64, blank=True)
    code_hash = models.CharField(_("hash of the code"), max_length=64, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta(DueModel.Meta):
        verbose_name = _("sign-in by mail")
        verbose_name_plural = _("sign-ins by mail")
        constraints = [models.CheckConstraint(condition=known("kind", SignInKind), name="sign_in_kind_known")]
        indexes = [
            due_index("sign_in_due"),
            models.Index(fields=["partner", "link_hash"], name="sign_in_by_link", condition=~models.Q(link_hash="")),
            models.Index(fields=["partner", "asked_at"], name="sign_in_by_age"),
        ]

    def __str__(self) -> str:
        return self.address
