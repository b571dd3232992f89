"""The versions of a policy as lines: which, when, who, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from partnerpanel.panel.policy_words import LABELS, PRESETS
from partnerpanel.policy.levels import Past
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.tenancy.queries import names_of


def past_lines(past: Sequence[Past], *, now: int) -> list[dict[str, Any]]:
    """Newest first; `now` is the version that counts."""
    people = names_of({one.stored.actor_id for one in past if one.stored.actor_id})
    return [
        {
            "version": one.stored.version,
            "at": one.stored.created_at,
            "actor": people.get(one.stored.actor_id, _("somebody who has left"))
            if one.stored.actor_id
            else _("the system"),
            "changed": ", ".join(_changed(one)),
            "counts": one.stored.version == now,
        }
        for one in past
    ]


def _changed(one: Past) -> list[str]:
    preset = PRESETS[one.stored.preset or Preset.STANDARD][0]
    said = [_("Preset: %(name)s") % {"name": preset}] if one.preset_changed else []
    return said + [str(LABELS[key]) for key in one.changed if key in LABELS]
