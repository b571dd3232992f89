from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When something that must go on was last seen: beat, or the sweep of a queue. Times are the system's.

    `noted_at` and `told_at` belong to an outage: when the log said so last, and when the operator was told.
    """

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    at = models.DateTimeField(_("last seen"))
    noted_at = models.DateTimeField(_("written to the log"), null=True, blank=True)
    told_at = models.DateTimeField(_("operator told"), null=True, blank=True)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
