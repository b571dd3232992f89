from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField
from partnerpanel.tenancy.models.partner import Partner


class Host(models.Model):
    """A host name that a partner wants its portal on; it is used while it is proved, and proved at one partner at most.

    `token` stands in the DNS as proof, another one for each row, so that what one partner proved says nothing for the
    next. `failed_days` counts the days on which the proof was looked for and not there; `lapsed_at` is when that
    switched it off. `version` is the sequence of its last event.
    Read before the partner is known.
    """

    id = IdField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="hosts")
    name = models.CharField(_("host name"), max_length=253)
    token = models.CharField(max_length=64, editable=False)
    is_primary = models.BooleanField(_("links lead there"), default=False)
    added_at = models.DateTimeField(_("added"))
    proved_at = models.DateTimeField(_("proved"), null=True)
    looked_at = models.DateTimeField(_("looked for"), null=True)
    failed_days = models.PositiveSmallIntegerField(_("days without proof"), default=0)
    failed_on = models.DateField(_("last day without proof"), null=True)
    lapsed_at = models.DateTimeField(_("switched off"), null=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "name"], name="one_host_of_a_name_per_partner"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(proved_at__isnull=False), name="a_host_is_proved_at_one_partner"
            ),
            models.UniqueConstraint(fields=["partner"], condition=Q(is_primary=True), name="one_primary_host"),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(proved_at__isnull=False), name="a_primary_host_is_proved"
            ),
        ]

    def __str__(self) -> str:
        return self.name
