"""Findings hold ids, figures and codes."""

from __future__ import annotations

from partnerpanel.invariants.models import Finding
from partnerpanel.personal.registry import PersonalTable

PERSONAL = (PersonalTable(Finding, of="customer_id", plain=("invariant", "object", "note")),)
