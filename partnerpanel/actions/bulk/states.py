"""What a job and each of its rows can be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """previewing → ready → running ⇄ paused → done; cancelled from any of them but done."""

    PREVIEWING = "previewing", _("Preparing the preview")
    READY = "ready", _("Ready to confirm")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    CANCELLED = "cancelled", _("Cancelled")
    DONE = "done", _("Done")


class RowState(models.TextChoices):
    NEW = "new", _("Not looked at")
    PLANNED = "planned", _("Planned")
    REFUSED = "refused", _("Nothing to do")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")
