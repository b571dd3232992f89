"""A customer's standing: what the tabs of the list filter by.

Subscriptions decide it, customers keep it in columns, so that a list of 100,000 pages and counts from an index.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Each says whether the customer belongs into the tab of that name.

    active: a subscription is active or trialing and has no hold but provisioning; expired: one has ended or is past
    its grace, and none is active; suspended: any hold but provisioning.
    """

    is_active: bool = False
    is_expired: bool = False
    is_suspended: bool = False
    is_in_grace: bool = False
    is_cancelling: bool = False
    is_trialing: bool = False
    is_paused: bool = False
    is_banned: bool = False


COLUMNS = tuple(Standing.__dataclass_fields__)
