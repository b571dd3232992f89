"""Alerts are about the partner's own people, and name events."""

from __future__ import annotations

from partnerpanel.alerts.models import Alert, AlertRound
from partnerpanel.personal.registry import PersonalTable

PERSONAL = (
    PersonalTable(AlertRound, plain=("wanted", "last_error")),
    PersonalTable(Alert, of="event__customer_id"),
)
