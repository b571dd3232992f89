"""What a log-in of a customer is for."""

from __future__ import annotations

from enum import StrEnum


class PortalRole(StrEnum):
    """`owner` may do everything, `billing` what costs money, `technical` what concerns the service."""

    OWNER = "owner"
    BILLING = "billing"
    TECHNICAL = "technical"
