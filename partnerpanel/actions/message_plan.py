"""What writing to one customer would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from customers.queries.facts import CustomerIdentity
from notifications.marketing.rules.reasons import LeftOut
from notifications.owned.wording import Wording
from partnerpanel.events.drafts import EventDraft
from partnerpanel.kernel.ids import uuid7
from subscriptions.rules.access_plan import Refusal

KIND = "customer_message"


@dataclass(frozen=True, slots=True)
class MessagePlan:
    """Either a refusal, or the event from which the mail follows."""

    customer_id: UUID
    customer_name: str
    said: str = ""
    events: tuple[EventDraft, ...] = ()
    refusal: Refusal | None = None

    @property
    def subscription_id(self) -> None:
        """It is about the customer as a whole."""
        return None

    @property
    def warnings(self) -> tuple[StrEnum, ...]:
        return ()


def message_plan(customer: CustomerIdentity, wording: Wording, left_out: LeftOut | None) -> MessagePlan:
    """The words travel with the event, so that what was shown is what is sent. Refused where there is no address, and
    marketing to whoever gets none."""
    if not customer.email:
        refusal = Refusal("no_address", _("No e-mail address of this customer is known. Enter one first."))
        return MessagePlan(customer.id, customer.name, refusal=refusal)
    if left_out is not None:
        refusal = Refusal(f"left_out_{left_out.value}", _("This customer gets no marketing of this kind."))
        return MessagePlan(customer.id, customer.name, refusal=refusal)
    data = {"template": wording.name, **({"topic": wording.topic} if wording.topic else {})}
    event = EventDraft("customer_message.written", KIND, uuid7(), 1, customer.id, data, wording.words)
    return MessagePlan(customer.id, customer.name, wording.said, (event,))


def messages_compared(plan: MessagePlan) -> Mapping[str, str]:
    """What has to be as it was shown, labelled for people."""
    if plan.refusal:
        return {f"{plan.customer_name} · {_('not possible')}": plan.refusal.code}
    return {f"{plan.customer_name} · {_('text')}": plan.said}
