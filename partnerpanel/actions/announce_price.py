"""A new price for those who hold a plan, told beforehand: from the first period that begins on its day or later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.utils.translation import gettext as _

from billing.rules.changes.outcome import ChangeIds, Planned
from billing.rules.changes.price_notice import (
    MOST_NOTICE_DAYS,
    NOTICE_DAYS,
    Holders,
    PriceWish,
    plan_price_notice,
)
from billing.rules.changes.refusals import CannotChange
from billing.rules.facts import ChangeFacts
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.subscription_verb import Rule, SubscriptionVerb
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import DomainError
from partnerpanel.kernel.money import Money
from subscriptions.queries.changes import plans_at


class InvalidPriceNotice(DomainError):
    """A new price that cannot be announced; `field` names which input."""

    code = "invalid_price_notice"


@dataclass(frozen=True, slots=True)
class AnnouncePrice(SubscriptionVerb):
    """`prices` are of one unit, for each currency that gets a new one. Raises InvalidPriceNotice naming the field."""

    name: ClassVar[str] = "announce_price"

    targets: tuple[Target, ...]
    plan_id: UUID
    prices: tuple[Money, ...]
    from_on: date
    holders: Holders = Holders.AT_LIST
    notice_days: int = NOTICE_DAYS

    def __post_init__(self) -> None:
        if not self.prices or len({price.currency for price in self.prices}) != len(self.prices):
            raise InvalidPriceNotice(_("Give one new price for each currency, at least one."), field="prices")
        if any(price.amount < 0 for price in self.prices):
            raise InvalidPriceNotice(_("A price is zero or more."), field="prices")
        if not 0 <= self.notice_days <= MOST_NOTICE_DAYS:
            message = _("Give a notice of 0 to %(most)s days.") % {"most": MOST_NOTICE_DAYS}
            raise InvalidPriceNotice(message, field="notice_days")

    def permissions(self) -> frozenset[Permission]:
        return frozenset({Permission.EDIT_CATALOGUE, Permission.CHANGE_PLAN})

    def inputs(self) -> dict[str, Any]:
        return {
            "plan": str(self.plan_id),
            "prices": [[price.amount, price.currency] for price in self.prices],
            "from_on": self.from_on.isoformat(),
            "holders": self.holders.value,
            "notice_days": self.notice_days,
        }

    @classmethod
    def for_targets(cls, targets: tuple[Target, ...], inputs: Mapping[str, Any]) -> Self:
        return cls(
            targets,
            UUID(inputs["plan"]),
            tuple(Money(*price) for price in inputs["prices"]),
            date.fromisoformat(inputs["from_on"]),
            Holders(inputs["holders"]),
            inputs["notice_days"],
        )

    def rule(self, facts: Sequence[ChangeFacts], *, partner_id: UUID) -> Rule:
        new = {price.currency: price for price in self.prices}
        listed = self._list_prices(partner_id, {one.billing.price.currency for one in facts})

        def planned(one: ChangeFacts, _: ChangeIds, now: datetime) -> Planned:
            if one.deal.plan.id != self.plan_id:
                raise CannotChange("other_plan", "It is on another plan.", field="plan")
            currency = one.billing.price.currency
            wish = PriceWish(new.get(currency), listed.get(currency), self.from_on, self.notice_days, self.holders)
            return plan_price_notice(one, wish, now=now)

        return planned

    def _list_prices(self, partner_id: UUID, currencies: set[str]) -> dict[str, Money]:
        """What the plan costs new customers, where that matters."""
        if self.holders is not Holders.UNLIKE_LIST:
            return {}
        found = (plans_at(partner_id, currency, [self.plan_id]) for currency in sorted(currencies))
        return {plan.price.currency: plan.price for plans in found for plan in plans}
