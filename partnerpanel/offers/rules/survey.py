"""Why somebody leaves: the reasons that come with the product, in the partner's words, and its own. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from billing.rules.changes.cancelling import CancelReason

LABEL_LENGTH = 120
CODE_LENGTH = 40
MOST_OWN = 20
OWN = "own_"
# What stands for everything else, and for no answer.
OTHER = CancelReason.OTHER.value
# Those that come with the product.
PRODUCTS = frozenset(one.value for one in CancelReason)


@dataclass(frozen=True, slots=True)
class Reason:
    """`labels` are the partner's words by language; without any, one of the product's is called as it is there."""

    code: str
    labels: Mapping[str, str] = field(default_factory=dict)
    is_on: bool = True

    @property
    def is_own(self) -> bool:
        return self.code.startswith(OWN)

    def label(self, language: str) -> str:
        """The partner's words in that language, or in any; empty where there are none."""
        if language in self.labels:
            return self.labels[language]
        return next(iter(self.labels.values()), "") if self.is_own else ""

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "labels": dict(self.labels), "is_on": self.is_on}


def reasons_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """All of them: the product's in its order, as the partner changed them, and the partner's own before the last."""
    found = {one["code"]: Reason(one["code"], dict(one["labels"]), one["is_on"]) for one in kept}
    product = [found.get(one.value, Reason(one.value)) for one in CancelReason if one.value != OTHER]
    own = [reason for reason in found.values() if reason.is_own]
    return (*product, *own, found.get(OTHER, Reason(OTHER)))


def next_own(reasons: Sequence[Reason]) -> str:
    """The code of one more own reason; a code never means another reason later."""
    numbers = [int(reason.code.removeprefix(OWN)) for reason in reasons if reason.is_own]
    return f"{OWN}{max(numbers, default=0) + 1}"
