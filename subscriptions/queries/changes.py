"""Changes of subscriptions: those that wait, those that happened, and the plans that one can change to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from partnerpanel.kernel.money import Money
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.models import Change, Plan, PlanPrice, Subscription
from subscriptions.queries.addons import addon_names, waiting_addons
from subscriptions.rules.addons import HeldAddon
from subscriptions.rules.changes import (
    OPEN_STATES,
    ChangeKind,
    ChangeState,
    Deal,
    Direction,
    OpenChange,
    PastChange,
    PlanFacts,
)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change as a page tells it. Prices are for one interval; `starts_on` and `ends_on` where dates move, `addon`
    names what is added."""

    id: UUID
    subscription_id: UUID
    kind: ChangeKind
    state: ChangeState
    direction: Direction | None
    before: Deal
    after: Deal
    starts_on: date | None
    ends_on: date | None
    ends_before: date | None
    made_at: datetime
    settled_at: datetime | None
    reverses_id: UUID | None
    addon: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


def changes_of(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, list[ChangeView]]:
    """By subscription, all that was changed or was to be changed, newest first."""
    found: defaultdict[UUID, list[ChangeView]] = defaultdict(list)
    ordered = _ALL(partner_id, subscription_ids)
    names = addon_names(partner_id, [row.addon["addon"] for row in ordered if row.addon])
    for row in ordered:
        found[row.subscription_id].append(_view(row, names))
    return dict(found)


def open_changes(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, OpenChange]:
    """By subscription, the change that waits for its renewal or its payment."""
    found = _OPEN(partner_id, subscription_ids)
    addons = waiting_addons(partner_id, {row.subscription_id: row.addon for row in found if row.addon})
    return {row.subscription_id: _open(row, addons.get(row.subscription_id)) for row in found}


def changes_ahead(partner_id: UUID, subscription_ids: Many[UUID], *, past: bool = False) -> list[Asked]:
    """What `open_changes` and `deals` ask first; with `past`, what `changes_of` and `past_changes` ask."""
    reads = (_OPEN, _ON, _ALL, _PAST) if past else (_OPEN, _ON)
    return [Asked(read, (partner_id, subscription_ids)) for read in reads]


def changes_open(partner_id: UUID, subscription_ids: Many[UUID]) -> QuerySet[Change]:
    """Their rows, to ask whether there are any."""
    return Change.objects.for_partner(partner_id).filter(subscription__among=subscription_ids, state__in=OPEN_STATES)


_OPEN = Read(lambda partner_id, ids: changes_open(partner_id, ids).select_related("plan__product", "subscription"))
_ALL = Read(
    lambda partner_id, ids: (
        Change.objects.for_partner(partner_id)
        .filter(subscription__among=ids)
        .select_related("plan__product", "plan_before__product", "subscription")
        .order_by("-made_at", "-pk")
    )
)
_ON = Read(
    lambda partner_id, ids: (
        Subscription.objects.for_partner(partner_id).filter(pk__among=ids).select_related("plan__product")
    )
)


def deals(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, Deal]:
    """What each subscription is on now, at the price it was sold at."""
    return {
        row.pk: Deal(_plan(row.plan, row.price_amount, row.currency), row.quantity, row.price_is_agreed)
        for row in _ON(partner_id, subscription_ids)
    }


def past_changes(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, tuple[PastChange, ...]]:
    """By subscription, the changes of plan and quantity that took effect and were not taken back, newest first."""
    found: defaultdict[UUID, list[PastChange]] = defaultdict(list)
    for row in _PAST(partner_id, subscription_ids):
        if row.ends_before is None or row.term_after is None:
            continue
        plan = _plan(row.plan_before, row.price_before, row.subscription.currency)
        found[row.subscription_id].append(
            PastChange(
                id=row.pk,
                kind=ChangeKind(row.kind),
                deal=Deal(plan, row.quantity_before, row.agreed_before),
                anchor_on=row.anchor_before,
                ends_on=row.ends_before,
                term_number=row.term_after,
                moved_dates=row.ends_on is not None,
            )
        )
    return {id_: tuple(changes) for id_, changes in found.items()}


_PAST = Read(
    lambda partner_id, ids: (
        Change.objects.for_partner(partner_id)
        .filter(
            subscription__among=ids,
            state=ChangeState.APPLIED,
            kind__in=(ChangeKind.PLAN, ChangeKind.ROLLBACK, ChangeKind.QUANTITY),
            reverses=None,
        )
        .select_related("plan_before__product", "subscription")
        .order_by("-settled_at", "-pk")
    )
)


def plans_at(partner_id: UUID, currency: str, plan_ids: Many[UUID] | None = None) -> list[PlanFacts]:
    """Plans with their list price in the currency, by product, rank and name; those without one are left out."""
    rows = _AT(partner_id, currency) if plan_ids is None else _THESE_AT(partner_id, currency, plan_ids)
    return [_plan(price.plan, price.amount, currency) for price in rows]


def plans_ahead(partner_id: UUID, currency: str, plan_ids: Many[UUID]) -> list[Asked]:
    """What `plans_at` asks, for all and for these."""
    return [Asked(_AT, (partner_id, currency)), Asked(_THESE_AT, (partner_id, currency, plan_ids))]


def _prices(partner_id: UUID, currency: str) -> QuerySet[PlanPrice]:
    rows = PlanPrice.objects.for_partner(partner_id).filter(currency=currency).select_related("plan__product")
    return rows.order_by("plan__product_id", "plan__rank", "plan__name", "pk")


_AT = Read(_prices)
_THESE_AT = Read(lambda partner_id, currency, ids: _prices(partner_id, currency).filter(plan__among=ids))


def currencies_sold(partner_id: UUID) -> list[str]:
    """In which the partner's plans have a price."""
    rows = PlanPrice.objects.for_partner(partner_id).order_by("currency")
    return list(rows.values_list("currency", flat=True).distinct())


def plan_exists(partner_id: UUID, plan_id: UUID) -> bool:
    """Whether the partner has such a plan, archived or not."""
    return bool(Plan.objects.for_partner(partner_id).filter(pk=plan_id).exists())


def _view(row: Change, names: Mapping[UUID, str]) -> ChangeView:
    currency = row.subscription.currency
    return ChangeView(
        id=row.pk,
        subscription_id=row.subscription_id,
        kind=ChangeKind(row.kind),
        state=ChangeState(row.state),
        direction=Direction(row.direction) if row.direction else None,
        before=Deal(_plan(row.plan_before, row.price_before, currency), row.quantity_before, row.agreed_before),
        after=Deal(_plan(row.plan, row.price_amount, currency), row.quantity, row.price_is_agreed),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ends_before=row.ends_before,
        made_at=row.made_at,
        settled_at=row.settled_at,
        reverses_id=row.reverses_id,
        addon=_addon_text(row.addon, names) if row.addon else "",
    )


def _addon_text(kept: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    name = names[UUID(kept["addon"])]
    return f"{kept['quantity']} × {name}" if kept["quantity"] > 1 else name


def _open(row: Change, addon: HeldAddon | None) -> OpenChange:
    return OpenChange(
        id=row.pk,
        kind=ChangeKind(row.kind),
        state=ChangeState(row.state),
        deal=Deal(_plan(row.plan, row.price_amount, row.subscription.currency), row.quantity, row.price_is_agreed),
        direction=Direction(row.direction) if row.direction else None,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        anchor_on=row.anchor_on,
        addon=addon,
    )


def _plan(row: Plan, amount: int, currency: str) -> PlanFacts:
    return PlanFacts(
        id=row.pk,
        product_id=row.product_id,
        name=row.name,
        interval=row.interval,
        rank=row.rank,
        price=Money(amount, currency),
        is_sellable=row.is_sellable,
        allowances=tuple(sorted(row.allowances.items())),
    )
