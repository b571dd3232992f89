"""What a ban would do to one customer: the hold, and the end of each of its subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from partnerpanel.actions.money_plan import MoneyPlan, compared
from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.access_plan import AccessPlan, Refusal


@dataclass(frozen=True, slots=True)
class BanPlan:
    """Either a refusal, or the endings, which are written first, and the access plan made of what they leave."""

    access: AccessPlan
    endings: tuple[MoneyPlan, ...] = ()

    @property
    def customer_id(self) -> UUID:
        return self.access.customer_id

    @property
    def customer_name(self) -> str:
        return self.access.customer_name

    @property
    def subscription_id(self) -> None:
        """It is about the customer as a whole."""
        return None

    @property
    def refusal(self) -> Refusal | None:
        return self.access.refusal

    @property
    def events(self) -> tuple[EventDraft, ...]:
        return (*(event for one in self.endings for event in one.events), *self.access.events)

    @property
    def warnings(self) -> tuple[StrEnum, ...]:
        return (*(warning for one in self.endings for warning in one.warnings), *self.access.warnings)


def endings_compared(plan: BanPlan) -> dict[str, str]:
    """What has to be as it was shown of the endings, labelled for people."""
    return {label: value for one in plan.endings for label, value in compared(one).items()}
