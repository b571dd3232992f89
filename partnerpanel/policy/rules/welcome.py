"""Mails to a new customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from partnerpanel.policy.rules.kinds import Order, Wholes


@dataclass(frozen=True, slots=True)
class WelcomePolicy:
    """Days after the start: welcome with credentials, set-up guide and support, features, asking for feedback."""

    days: Annotated[tuple[int, ...], Wholes(0, 90, entries=4, order=Order.RISING, fewest=4)] = (0, 1, 3, 7)
