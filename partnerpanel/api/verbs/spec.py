"""A verb of the API: its address, what it takes, and the action that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from partnerpanel.actions.verb import Target, Verb
from partnerpanel.wire.shapes import Shape

Targets = tuple[Target, ...]
Wanted = Mapping[str, Any]
# Longer than any quote of the largest request that a verb takes.
LONGEST_QUOTE = 20_000


class VerbInput(Shape):
    """The base of what a verb takes. With a `quote` of its preview, it is done only if all is still as shown."""

    quote = serializers.CharField(required=False, max_length=LONGEST_QUOTE, help_text="The `id` of a quote.")


@dataclass(frozen=True, slots=True)
class VerbSpec:
    """`money`: it may charge, credit or bill, so it takes an `Idempotency-Key`. `make` may raise what the verb raises.

    `each`: on a customer it concerns each subscription that has not ended, and not the customer as a whole.
    """

    path: str
    summary: str
    shape: type[VerbInput]
    make: Callable[[Targets, Wanted], Verb]
    money: bool = False
    each: bool = False
