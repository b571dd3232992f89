"""Moves of a test clock are about nobody."""

from __future__ import annotations

from partnerpanel.personal.registry import PersonalTable
from partnerpanel.story.models import ClockRun

PERSONAL = (PersonalTable(ClockRun, plain=("last_error",)),)
