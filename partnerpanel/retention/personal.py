"""A case holds days and counts."""

from __future__ import annotations

from partnerpanel.personal.registry import PersonalTable
from partnerpanel.retention.models import RetentionCase

PERSONAL = (PersonalTable(RetentionCase, of="customer_id", plain=("last_error",)),)
