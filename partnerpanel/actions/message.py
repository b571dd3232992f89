"""Message: a mail to customers in words of the partner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from customers.queries.facts import identities
from notifications.marketing.queries import left_out
from notifications.owned.wording import wording_of
from partnerpanel.actions.message_plan import MessagePlan, message_plan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import OverlappingTargets, Target, refuse_parts
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class Message:
    """In the words of a template, which is named, or in one's own.

    Planning raises WhatToSay, NotFound, and what is wrong with the words.
    """

    name: ClassVar[str] = "message"

    targets: tuple[Target, ...]
    template: str = ""
    subject: str = ""
    body: str = ""

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.MESSAGE})

    def inputs(self) -> dict[str, Any]:
        return {"template": self.template, "subject": self.subject, "body": self.body}

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(targets, inputs["template"], inputs["subject"], inputs["body"])

    def plan(self, *, partner_id: UUID, now: datetime, lock: bool) -> list[MessagePlan]:
        refuse_parts(self.targets, NotFound, _("A message is for a customer."))
        ids = [target.customer_id for target in self.targets]
        if len(set(ids)) != len(ids):
            raise OverlappingTargets(_("Name each customer or subscription once."), field="targets")
        wording = wording_of(partner_id, template=self.template, subject=self.subject, body=self.body)
        found = identities(partner_id, ids, lock=lock)
        if len(found) != len(ids):
            raise NotFound(_("There is no such customer or subscription."))
        reasons = left_out(partner_id, ids, wording.topic) if wording.topic else {}
        return [message_plan(found[id_], wording, reasons.get(id_)) for id_ in ids]

    def apply(self, plans: Sequence[MessagePlan], *, actor: Actor, action_id: UUID, now: datetime) -> None:
        events = [event for plan in plans if not plan.refusal for event in plan.events]
        record(events, actor=actor, action_id=action_id, now=now)
