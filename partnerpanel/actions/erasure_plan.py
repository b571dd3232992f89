"""What erasing would do to one customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.rules.erasure import ErasureReason, Obstacle, cautions_of, obstacle_of
from customers.services.erase import erasure_event
from partnerpanel.events.drafts import EventDraft
from partnerpanel.personal.holdings import Holding
from partnerpanel.retention.queries.erasing import Erasable
from subscriptions.rules.access_plan import Refusal

OBSTACLES: Mapping[Obstacle, object] = {
    Obstacle.ERASED_ALREADY: gettext_lazy("This customer’s personal data is erased already."),
    Obstacle.STILL_SERVED: gettext_lazy("A subscription has not ended. Cancel it first; erase when it is over."),
    Obstacle.MONEY_UNDER_WAY: gettext_lazy("A charge or refund is being checked. Erase when its outcome is known."),
}


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """Either a refusal, or what is held of the person now, with the event that says that it is gone."""

    customer_id: UUID
    customer_name: str
    version: int
    holdings: tuple[Holding, ...] = ()
    events: tuple[EventDraft, ...] = ()
    warnings: tuple[StrEnum, ...] = ()
    refusal: Refusal | None = None

    @property
    def subscription_id(self) -> None:
        """It is about the customer as a whole."""
        return None


def erasure_plan(one: Erasable, holdings: tuple[Holding, ...], *, reason: ErasureReason) -> ErasurePlan:
    """The plan; refused where something stands in the way."""
    obstacle = obstacle_of(one.facts)
    if obstacle:
        refusal = Refusal(obstacle.value, str(OBSTACLES[obstacle]))
        return ErasurePlan(one.id, one.name, one.version, refusal=refusal)
    events = (erasure_event(one.id, one.version + 1, reason),)
    return ErasurePlan(one.id, one.name, one.version, holdings, events, cautions_of(one.facts))


def holdings_compared(plan: ErasurePlan) -> dict[str, str]:
    """What has to be as it was shown, labelled for people: how many rows of what go."""
    if plan.refusal:
        return {f"{plan.customer_name} · {_('not possible')}": plan.refusal.code}
    return {f"{plan.customer_name} · {one.title}": str(one.rows) for one in plan.holdings if one.is_erased}
