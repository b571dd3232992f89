"""Why customers leave, as the partner's people read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.rules.changes.cancelling import CancelReason
from partnerpanel.languages import spoken_language
from partnerpanel.offers.rules.survey import Reason

TEXTS: Mapping[str, Any] = {
    CancelReason.TOO_EXPENSIVE.value: _("Too expensive"),
    CancelReason.MISSING_FEATURES.value: _("Something is missing"),
    CancelReason.SWITCHED_SERVICE.value: _("Went to another service"),
    CancelReason.UNUSED.value: _("Not used"),
    CancelReason.CUSTOMER_SERVICE.value: _("Unhappy with the support"),
    CancelReason.LOW_QUALITY.value: _("Unhappy with the quality"),
    CancelReason.TOO_COMPLEX.value: _("Too complicated"),
    CancelReason.OTHER.value: _("Another reason"),
}


def reason_text(reason: Reason) -> str:
    """In the partner's words, or in those that come with the product."""
    return reason.label(spoken_language()) or str(TEXTS.get(reason.code, reason.code))


def reason_texts(reasons: Sequence[Reason]) -> dict[str, str]:
    """By code, those that are switched off, too."""
    return {reason.code: reason_text(reason) for reason in reasons}


def reason_choices(reasons: Sequence[Reason]) -> list[tuple[str, str]]:
    """Those that somebody can choose now."""
    return [(reason.code, reason_text(reason)) for reason in reasons if reason.is_on]
