from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerpanel.queues.rows import POSTPONED_COLUMNS, DueModel, due_index


class ClockRun(DueModel):
    """One move of a test clock, made in slices: from where, how far it is, and where to.

    All instants are the clock's, except `started_at`, `finished_at` and `due_at`, which are the system's. It is due
    while it is under way: where whoever began it waits no longer, a worker goes on with it. It is never parked; one
    that fails again and again ends where it is, with `last_error`.
    """

    updatable = ("reached_at", "halts", "finished_at", *POSTPONED_COLUMNS)
    deletable = False

    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"))
    reached_at = models.DateTimeField(_("reached"))
    halts = models.PositiveIntegerField(_("halts"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    actor_id = models.UUIDField(_("started by"), null=True)

    class Meta(DueModel.Meta):
        verbose_name = _("move of the test clock")
        verbose_name_plural = _("moves of the test clock")
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(finished_at=None), name="one_move_at_a_time"
            ),
            models.CheckConstraint(condition=models.Q(to_at__gte=models.F("from_at")), name="a_clock_moves_forward"),
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | models.Q(due_at=None), name="a_finished_move_is_not_due"
            ),
        ]
        indexes = [models.Index(fields=["partner", "-id"], name="clock_runs_by_age"), due_index("clock_runs_due")]

    def __str__(self) -> str:
        return f"{self.from_at:%Y-%m-%d} → {self.to_at:%Y-%m-%d}"
