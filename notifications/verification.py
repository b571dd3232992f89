"""What mails quote of what a customer is asked to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from subscriptions.rules.verification import VerificationPreset
from subscriptions.wording import preset_text

if TYPE_CHECKING:
    from notifications.letters import Occasion


def asked_text(occasion: Occasion, language: str) -> str:
    """One line for each thing; empty for what asks for nothing."""
    with override(language):
        presets = [preset_text(VerificationPreset(one)) for one in occasion.data.get("presets", ())]
    asks = occasion.words.get("asks", "")
    return "\n".join([*presets, *([asks] if asks else [])])
