"""Usage: told by the service, each key counted once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from partnerpanel.actions.usage import record_usage
from partnerpanel.api.collections.making import Making
from partnerpanel.wire.shapes import BIGGEST, Instant, PublicId, Shape, Text, Whole


class UsageRecordInput(Shape):
    """`key` is your own id of what was used: the same one is counted once, however often it is told."""

    subscription = PublicId("sub")
    allowance = Text(max_length=40)
    amount = Whole(min_value=1, max_value=BIGGEST)
    key = Text(max_length=100)
    used_at = Instant(required=False, help_text="Else now.")


class UsageRecords(Making):
    resource_name = "usage_records"
    scopes: ClassVar[Mapping[str, str]] = {"GET": "usage_records:read", "POST": "usage_records:write"}
    shape = UsageRecordInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        return record_usage(
            wanted["subscription"],
            allowance=wanted["allowance"],
            amount=wanted["amount"],
            key=wanted["key"],
            used_at=wanted.get("used_at", self.caller.now),
            actor=self.caller.actor,
            now=self.caller.now,
        )
