from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.fields import IdField


class Backup(models.Model):
    """A backup that began at this instant, by the clock of the system.

    The row is in the backup itself, so a restored database knows how old it is.
    """

    id = IdField()
    began_at = models.DateTimeField(_("began"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.began_at.isoformat()
