"""Ready-made policies. Each is a complete document: `standard`, and what the others do otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from partnerpanel.policy.rules.documents import canonical, dump
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.kinds import Document
from partnerpanel.policy.rules.policy import LifecyclePolicy

# Counts up when a preset's meaning changes, so that a pinned policy can say which one it was.
VERSION = 1


class Preset(StrEnum):
    STANDARD = "standard"
    EXTENDED = "extended"
    STRICT = "strict"
    LENIENT = "lenient"


OTHERWISE: Mapping[Preset, Document] = {
    Preset.STANDARD: {},
    Preset.EXTENDED: {
        "grace.starts": "first_failure",
        "grace.days": 15,
        "grace.then": "freeze",
        "grace.renew_after.percent": 100,
    },
    Preset.STRICT: {"retry.offsets_days": [1, 3], "grace.days": 3, "grace.access": "limited"},
    Preset.LENIENT: {"retry.offsets_days": [1, 3, 5, 7, 10], "grace.days": 30},
}
DOCUMENTS: Mapping[Preset, Document] = {
    preset: dump(LifecyclePolicy()) | canonical(otherwise) for preset, otherwise in OTHERWISE.items()
}


def preset_named(name: str) -> Preset:
    """Raises InvalidPolicy for a preset that does not exist."""
    if name not in set(Preset):
        raise InvalidPolicy(f"A preset is one of {', '.join(Preset)}, not “{name[:40]}”.", field="preset")
    return Preset(name)
