"""Why somebody leaves: the reasons of a partner."""

from __future__ import annotations

from uuid import UUID

from partnerpanel.offers.models import ExitSurvey
from partnerpanel.offers.rules.survey import PRODUCTS, Reason, reasons_of


def exit_reasons(partner_id: UUID) -> tuple[Reason, ...]:
    """In their order, those that are switched off, too."""
    kept = ExitSurvey.objects.for_partner(partner_id).values_list("reasons", flat=True).first()
    return reasons_of(kept or [])


def is_known(partner_id: UUID, code: str) -> bool:
    """Whether the partner has such a reason, on or off. Those of the product are always there, and nothing is read."""
    return code in PRODUCTS or any(reason.code == code for reason in exit_reasons(partner_id))
