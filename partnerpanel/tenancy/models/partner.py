from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField


class Partner(models.Model):
    """A tenant: a reseller or white-label seller.

    A twin is the same partner's test mode: rows of its own, and a clock that stands still until it is moved. One
    partner is the platform, whose customers the other live partners are: `platform_customer` is their row there, an
    id alone because a key over both columns cannot cross partners. `frozen_since` and `standing` are what the
    platform's events say of them, kept here so that nobody reads the platform's rows for it.

    A partner whose past is being written lives at `past_at` until it is opened.
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
    past_at = models.DateTimeField(_("its past is written up to"), null=True, blank=True, editable=False)
    clock_leased_until = models.DateTimeField(_("clock held until"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    is_platform = models.BooleanField(_("the platform"), default=False, editable=False)
    platform_customer = models.UUIDField(_("customer of the platform"), null=True, editable=False, unique=True)
    frozen_since = models.DateTimeField(_("frozen since"), null=True, editable=False)
    standing: Any = models.JSONField(_("standing at the platform"), default=dict, editable=False)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(twin_of__isnull=True, test_clock_at__isnull=True)
                | models.Q(twin_of__isnull=False, test_clock_at__isnull=False),
                name="only_a_twin_has_a_test_clock",
            ),
            models.UniqueConstraint(
                fields=["is_platform"], condition=models.Q(is_platform=True), name="one_platform_partner"
            ),
            models.CheckConstraint(
                condition=models.Q(platform_customer=None) | models.Q(twin_of=None, is_platform=False),
                name="only_a_live_partner_is_billed",
            ),
            models.CheckConstraint(
                condition=models.Q(frozen_since=None) | models.Q(platform_customer__isnull=False),
                name="only_who_is_billed_is_frozen",
            ),
            models.CheckConstraint(
                condition=models.Q(twin_of__isnull=True) | models.Q(past_at__isnull=True),
                name="a_twin_has_one_clock",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_test(self) -> bool:
        return self.twin_of_id is not None

    @property
    def live(self) -> Partner:
        """The partner itself; of a twin the one whose test mode it is."""
        return self.twin_of or self

    @property
    def frozen_at(self) -> datetime | None:
        """Since when the platform has blocked it; a twin is as frozen as its partner."""
        return self.live.frozen_since
