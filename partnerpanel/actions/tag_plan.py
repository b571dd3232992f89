"""What tagging would do to one customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from customers.queries.facts import CustomerIdentity
from customers.rules.tagging import TagChange
from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.access_plan import Refusal

NO_CHANGE = TagChange()


@dataclass(frozen=True, slots=True)
class TagPlan:
    """Either a refusal, or the tags before and after with the event that says so."""

    customer_id: UUID
    customer_name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    change: TagChange = NO_CHANGE
    events: tuple[EventDraft, ...] = ()
    refusal: Refusal | None = None

    @property
    def subscription_id(self) -> None:
        """It is about the customer as a whole."""
        return None

    @property
    def warnings(self) -> tuple[StrEnum, ...]:
        return ()


def tag_plan(
    customer: CustomerIdentity, before: tuple[str, ...], change: TagChange, *, undoes: UUID | None = None
) -> TagPlan:
    """The plan; refused where nothing would change."""
    if change == NO_CHANGE:
        refusal = Refusal("tagged_already", _("Its tags are so already."))
        return TagPlan(customer.id, customer.name, refusal=refusal)
    said = {"undoes": str(undoes)} if undoes else {}
    data = {"added": list(change.added), "removed": list(change.removed), **said}
    event = EventDraft("customer.tagged", "customer", customer.id, customer.version + 1, customer.id, data)
    after = tuple(sorted({*before, *change.added} - set(change.removed)))
    return TagPlan(customer.id, customer.name, before, after, change, (event,))


def refused_tags(customer: CustomerIdentity, refusal: Refusal) -> TagPlan:
    """A plan that does nothing and says why."""
    return TagPlan(customer.id, customer.name, refusal=refusal)


def tags_compared(plan: TagPlan) -> Mapping[str, str]:
    """What has to be as it was shown, labelled for people."""
    if plan.refusal:
        return {f"{plan.customer_name} · {_('not possible')}": plan.refusal.code}
    before, after = ", ".join(plan.before), ", ".join(plan.after)
    return {f"{plan.customer_name} · {_('tags')}": f"{before} → {after}"}
