"""Bonus months are numbers and days."""

from __future__ import annotations

from partnerpanel.loyalty.models import LoyaltyBonus
from partnerpanel.personal.registry import PersonalTable

PERSONAL = (PersonalTable(LoyaltyBonus, of="subscription__customer_id"),)
