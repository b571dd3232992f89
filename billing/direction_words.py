"""Why a change of plan counts as up or down, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from billing.rules.explain import money_in
from billing.wording import plain
from partnerpanel.kernel.derivation import Derivation
from subscriptions.rules.changes import DIRECTION, Direction

RANKED: Mapping[Direction, Any] = {
    Direction.UP: gettext_lazy("An upgrade: %(after)s ranks above %(before)s."),
    Direction.DOWN: gettext_lazy("A downgrade: %(after)s ranks below %(before)s."),
}
COUNTED: Mapping[Direction, Any] = {
    Direction.UP: gettext_lazy("An upgrade: %(will)s instead of %(was)s."),
    Direction.DOWN: gettext_lazy("A downgrade: %(will)s instead of %(was)s."),
    Direction.LATERAL: gettext_lazy("Neither up nor down, as asked for."),
}
PRICED: Mapping[Direction, Any] = {
    Direction.UP: gettext_lazy("An upgrade: %(after)s costs %(will)s a day, %(before)s %(was)s."),
    Direction.DOWN: gettext_lazy("A downgrade: %(after)s costs %(will)s a day, %(before)s %(was)s."),
    Direction.LATERAL: gettext_lazy("Neither up nor down: %(after)s costs %(will)s a day, as %(before)s does."),
}
STATED: Mapping[Direction, Any] = {
    Direction.UP: gettext_lazy("An upgrade, as asked for."),
    Direction.DOWN: gettext_lazy("A downgrade, as asked for."),
    Direction.LATERAL: gettext_lazy("Neither up nor down, as asked for."),
}


def direction_sentence(direction: Direction, why: Derivation, *, before: str, after: str) -> str:
    """By what it counts as up or down, with the names of both plans. Raises KeyError for another rule."""
    if why.rule != DIRECTION:
        raise KeyError(why.rule)
    words: dict[str, Any] = {"before": before, "after": after}
    if why.inputs["by"] == "caller":
        return str(STATED[direction])
    if why.inputs["by"] == "quantity":
        return str(COUNTED[direction] % {"was": why.inputs["before"], "will": why.inputs["after"]})
    if why.inputs["by"] == "rank":
        return str(RANKED[direction] % words)
    words |= {"was": plain(money_in(why, "before")), "will": plain(money_in(why, "after"))}
    return str(PRICED[direction] % words)
