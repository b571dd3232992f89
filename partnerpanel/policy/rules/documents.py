"""Policies as plain JSON: dotted keys, all of them or only some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.kinds import Json
from partnerpanel.policy.rules.policy import KEYS, LifecyclePolicy, key_named
from partnerpanel.policy.rules.retry import RetryCountedFrom
from partnerpanel.policy.rules.shape import built


def read(document: Mapping[str, object]) -> dict[str, Any]:
    """Typed values of a document that may be partial. Raises InvalidPolicy for an unknown key or a wrong value."""
    return {name: key_named(name).kind.read(name, raw) for name, raw in document.items()}


def write(values: Mapping[str, Any]) -> dict[str, Json]:
    """The inverse of `read`, in the order of the keys."""
    return {name: key.kind.write(values[name]) for name, key in KEYS.items() if name in values}


def parse(document: Mapping[str, object]) -> LifecyclePolicy:
    """The policy of a complete document. Raises InvalidPolicy, also for a key that is missing."""
    values = read(document)
    for name in KEYS:
        if name not in values:
            raise InvalidPolicy(f"“{name}” is missing.", field=name)
    return built(LifecyclePolicy, values)


def dump(policy: LifecyclePolicy) -> dict[str, Json]:
    """The complete document: `parse(dump(policy)) == policy`."""
    return {name: key.kind.write(key.of(policy)) for name, key in KEYS.items()}


def canonical(document: Mapping[str, object]) -> dict[str, Json]:
    """The same document as it is stored: checked, and in the order of the keys. Raises InvalidPolicy."""
    return write(read(document))


def check_together(policy: LifecyclePolicy) -> None:
    """Refuses values that are right each by itself and not together. Raises InvalidPolicy.

    Asked where a policy is set. Where it is resolved, the schedule copes with what an older layer still says.
    """
    offsets = policy.retry.offsets_days
    if policy.retry.counted_from is RetryCountedFrom.FIRST_ATTEMPT and list(offsets) != sorted(set(offsets)):
        raise InvalidPolicy(
            "“retry.offsets_days” counted from the first attempt is a list of days, each greater than the one before.",
            field="retry.offsets_days",
        )
