"""What a service account can be."""

from __future__ import annotations

from enum import StrEnum

from subscriptions.rules.states import HoldKind, Lifecycle


class ServiceState(StrEnum):
    """`absent` before it is set up and after it is removed."""

    ABSENT = "absent"
    ENABLED = "enabled"
    DISABLED = "disabled"


def desired_state(lifecycle: Lifecycle, holds: frozenset[HoldKind], *, is_paused: bool) -> ServiceState:
    """What the account should be: enabled while access is open, not counting that it is still being set up.

    An ended, paused or suspended account is kept, disabled, so that nothing of the customer's is lost.
    """
    if lifecycle in (Lifecycle.SCHEDULED, Lifecycle.INCOMPLETE):
        return ServiceState.ABSENT
    if lifecycle is Lifecycle.ENDED or is_paused or holds - {HoldKind.PROVISIONING}:
        return ServiceState.DISABLED
    return ServiceState.ENABLED
