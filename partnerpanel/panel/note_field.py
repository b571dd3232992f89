"""The note that a team writes for itself beside what it does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NOTE_LENGTH = 500
TEAM_SEES_IT = _("Only your team sees this.")


def note_field(*, help_text: Any = TEAM_SEES_IT, required: bool = True) -> forms.CharField:
    """At most 500 letters; needed unless `required` is off."""
    return forms.CharField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
        error_messages={
            "required": _("Give a note of at most 500 letters; your team reads it."),
            "max_length": _("A note has at most 500 letters."),
        },
    )
