from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import AppendOnlyModel, TenantModel


class BrandLogo(AppendOnlyModel):
    """A logo as PNG. Another one is a new row: documents refer to that of the day on which they were issued."""

    content = models.BinaryField(_("file"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("created"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints = [models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="logo_has_a_size")]


class BrandProfile(TenantModel):
    """How the partner looks and signs from now on; without a row, by its own name and no more."""

    updatable = (
        "printed_name",
        "address",
        "ids",
        "footer",
        "sender_name",
        "accent",
        "number_prefix",
        "terms_url",
        "privacy_url",
        "imprint_url",
        "support_url",
        "logo",
        "version",
    )
    deletable = False

    printed_name = models.CharField(_("printed name"), max_length=120, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    ids = models.TextField(_("further ids"), blank=True)
    footer = models.TextField(_("footer of documents"), blank=True)
    sender_name = models.CharField(_("sender name"), max_length=80, blank=True)
    accent = models.CharField(_("accent colour"), max_length=7)
    number_prefix = models.CharField(_("prefix of numbers"), max_length=13, blank=True)
    terms_url = models.CharField(_("terms"), max_length=300, blank=True, default="")
    privacy_url = models.CharField(_("privacy"), max_length=300, blank=True, default="")
    imprint_url = models.CharField(_("imprint"), max_length=300, blank=True, default="")
    support_url = models.CharField(_("help"), max_length=300, blank=True, default="")
    logo = TenantForeignKey(BrandLogo, models.PROTECT, null=True, db_index=False, related_name="+")
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        constraints = [
            models.UniqueConstraint(fields=["partner"], name="one_brand_profile"),
            models.CheckConstraint(condition=Q(accent__regex="^#[0-9a-f]{6}$"), name="accent_is_a_colour"),
        ]
