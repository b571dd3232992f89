from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from billing.tax.rules.rates import RATED
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class TaxProfile(TenantModel):
    """Where the partner itself is at home and registered; without a row, or unregistered, it charges no tax.

    `registrations` are other countries where it collects tax, `EU` for the One-Stop Shop, each with its tax id there.
    """

    updatable = ("country", "region", "is_registered", "tax_id", "registrations", "version")
    deletable = False

    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=3, blank=True)
    is_registered = models.BooleanField(_("registered"), default=False)
    tax_id = models.CharField(_("tax id"), max_length=40, blank=True)
    registrations: Any = models.JSONField(_("registrations elsewhere"), default=list)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("tax profile")
        verbose_name_plural = _("tax profiles")
        constraints = [models.UniqueConstraint(fields=["partner"], name="one_tax_profile")]


class TaxRate(TenantModel):
    """One rate for a time, from `valid_from` until before `valid_until`.

    Its percentage is never edited, as documents name it: another one is a new row from its day on, which `replaces`
    this one.
    """

    updatable = ("valid_until", "archived_at", "version")
    deletable = False

    kind = models.CharField(_("kind"), max_length=15, choices=[(kind.value, kind.value) for kind in RATED])
    name = models.CharField(_("name"), max_length=60)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=3, blank=True)
    percent = models.DecimalField(_("percent"), max_digits=7, decimal_places=4)
    is_inclusive = models.BooleanField(_("contained in prices"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True)
    replaces = TenantForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")
    created_at = models.DateTimeField(_("created"))
    archived_at = models.DateTimeField(_("archived"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="tax_rate_is_a_share"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="tax_rate_ends_later"
            ),
            ExclusionConstraint(
                name="one_tax_rate_at_a_time",
                expressions=[
                    ("partner", RangeOperators.EQUAL),
                    ("country", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_until"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(archived_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["partner", "country", "valid_from"], name="tax_rates_by_country")]

    def __str__(self) -> str:
        return f"{self.name} {self.percent:f} %"
