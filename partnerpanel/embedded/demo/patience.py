"""Customers with whom the partner has more patience: the extended policy, for them alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from partnerpanel.embedded.demo.office import Office
from partnerpanel.policy.rules.presets import OTHERWISE, Preset
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.policy.services import set_policy
from partnerpanel.tenancy.models import Role


def extend(customer_ids: Sequence[UUID], office: Office, at: datetime) -> None:
    """In the open scope: fifteen days of grace from the first failure, then the whole customer is frozen."""
    for customer_id in customer_ids:
        set_policy(
            scope_kind=ScopeKind.CUSTOMER,
            scope_id=customer_id,
            preset=None,
            document=OTHERWISE[Preset.EXTENDED],
            actor=office.actors[Role.OWNER],
            now=at,
        )
