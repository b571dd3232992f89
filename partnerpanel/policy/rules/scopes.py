"""What a version of the policy may belong to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from partnerpanel.policy.rules.resolution import SourceKind


class ScopeKind(StrEnum):
    """The levels below the platform, from the most general to the most specific."""

    PARTNER = "partner"
    PLAN = "plan"
    CUSTOMER = "customer"
    SUBSCRIPTION = "subscription"


SOURCES: Mapping[ScopeKind, SourceKind] = {kind: SourceKind(kind.value) for kind in ScopeKind}
