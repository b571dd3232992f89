"""A value that can say where it came from: inputs, rule, source of the policy, rounding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one value was calculated.

    `rule` is a stable name that interfaces translate into a sentence; `inputs` are what went in, as text; `policy`
    names key and source of a policy that decided; `parts` are derivations of inputs that were calculated themselves.
    """

    rule: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    policy: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Derivation, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The form that is kept beside the value, losslessly."""
        return {
            "rule": self.rule,
            "inputs": dict(self.inputs),
            "policy": dict(self.policy),
            "parts": [part.as_json() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Derived(Generic[T]):
    """A calculated value beside its derivation."""

    value: T
    why: Derivation
