"""Moves of test clocks in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.story.models import ClockRun
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(ClockRun)
class ClockRunAdmin(ReadOnlyRows):
    list_display = ("id", "from_at", "to_at", "reached_at", "halts", "started_at", "finished_at")
