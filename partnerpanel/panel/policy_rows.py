"""The rows of a policy's page: each key with its input, where its value comes from, and what it would be without."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from partnerpanel.panel.money_quote import FORMATS
from partnerpanel.panel.policy_form import PolicyForm
from partnerpanel.panel.policy_words import GROUPS, source_text
from partnerpanel.policy.rules.acting import acts
from partnerpanel.policy.rules.explanation import Explanation
from partnerpanel.policy.rules.kinds import OneOf, YesNo
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.wording import sentence_text


@dataclass(frozen=True, slots=True)
class Row:
    """`reset` is there for what the level sets itself; `above` says what holds without."""

    field: BoundField
    source: str
    is_own: bool
    acts: bool
    is_choice: bool
    reset: BoundField | None = None
    above: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: Any
    rows: tuple[Row, ...]


def groups(form: PolicyForm, *, shown: Explanation, without: Explanation, own: Collection[str]) -> list[Group]:
    """Every key once, in the order of the groups."""
    return [
        Group(
            id_,
            title,
            tuple(_row(key, form, shown, without, is_own=key in own) for key in KEYS if key.startswith(prefixes)),
        )
        for id_, title, prefixes in GROUPS
    ]


def _row(key: str, form: PolicyForm, shown: Explanation, without: Explanation, *, is_own: bool) -> Row:
    is_choice = isinstance(KEYS[key].kind, OneOf | YesNo)
    source = source_text(shown.resolved.source(key), own=is_own)
    if not is_own:
        return Row(form.field(key), source, is_own, acts(key), is_choice)
    above = sentence_text(without.about(key), FORMATS)
    return Row(form.field(key), source, is_own, acts(key), is_choice, form.reset(key), above)
