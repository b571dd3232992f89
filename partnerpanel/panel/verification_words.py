"""What a customer is asked to show, in words."""

from __future__ import annotations

from subscriptions.rules.verification import OpenVerification
from subscriptions.wording import preset_text


def asked_lines(one: OpenVerification) -> list[str]:
    """One line for each thing."""
    return [*(preset_text(preset) for preset in one.presets), *([one.asks] if one.asks else [])]
