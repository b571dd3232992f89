from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField


class Partner(models.Model):
    """A tenant: a reseller or white-label seller.

    A twin is the same partner's test mode: rows of its own, and a clock that stands still until it is moved.
    """

    id = IdField()
    slug = models.SlugField(_("short name"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    timezone = models.CharField(_("time zone"), max_length=64)
    currency = models.CharField(_("currency"), max_length=3)
    locale = models.CharField(_("language"), max_length=10, default="en")
    support_email = models.EmailField(_("support address"))
    twin_of = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="twin")
    test_clock_at = models.DateTimeField(_("test clock"), null=True, blank=True)
    clock_leased_until = models.DateTimeField(_("clock held until"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(twin_of__isnull=True, test_clock_at__isnull=True)
                | models.Q(twin_of__isnull=False, test_clock_at__isnull=False),
                name="only_a_twin_has_a_test_clock",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_test(self) -> bool:
        return self.twin_of_id is not None
