"""Reasons are codes out of a list, and offers are the partner's: neither says who somebody is."""

from __future__ import annotations

from partnerpanel.offers.models import ExitAnswer, ExitSurvey, OfferMade, OfferRule
from partnerpanel.personal.registry import PersonalTable

PERSONAL = (
    PersonalTable(ExitSurvey, plain=("reasons",)),
    PersonalTable(ExitAnswer, of="customer_id", plain=("reason",)),
    PersonalTable(OfferRule, plain=("name", "conditions")),
    PersonalTable(OfferMade, of="customer_id", plain=("reason", "currency")),
)
