from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.tenancy.rows import TenantModel


class ClockRun(TenantModel):
    """One move of a test clock, made in slices: from where, how far it is, and where to.

    All instants are the clock's, except `started_at` and `finished_at`, which are the system's.
    """

    updatable = ("reached_at", "halts", "finished_at")
    deletable = False

    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"))
    reached_at = models.DateTimeField(_("reached"))
    halts = models.PositiveIntegerField(_("halts"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    actor_id = models.UUIDField(_("started by"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("move of the test clock")
        verbose_name_plural = _("moves of the test clock")
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(finished_at=None), name="one_move_at_a_time"
            ),
            models.CheckConstraint(condition=models.Q(to_at__gte=models.F("from_at")), name="a_clock_moves_forward"),
        ]
        indexes = [models.Index(fields=["partner", "-id"], name="clock_runs_by_age")]

    def __str__(self) -> str:
        return f"{self.from_at:%Y-%m-%d} → {self.to_at:%Y-%m-%d}"
