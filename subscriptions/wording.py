"""Words that pages and mails share, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from subscriptions.rules.verification import VerificationPreset

PRESETS: Mapping[VerificationPreset, Any] = {
    VerificationPreset.PHOTO_ID: _("A photo of an identity card or passport"),
    VerificationPreset.PROOF_OF_PAYMENT: _("A proof of payment, such as the bank’s or card’s statement of our charge"),
    VerificationPreset.PROOF_OF_ADDRESS: _("A proof of address, such as a utility bill of the last three months"),
}


def preset_text(preset: VerificationPreset) -> str:
    """“A photo of an identity card or passport”."""
    return str(PRESETS[preset])
