"""Why customers left, and what offers kept: every number with the rows behind it. In the open scope."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth

from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import Page
from partnerpanel.offers.models import ExitAnswer, OfferMade
from partnerpanel.offers.rules.offers import Outcome
from partnerpanel.tenancy import keyset
from subscriptions.rules.states import Lifecycle

# Who took an offer is kept for good when the subscription runs so long afterwards.
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until before another; months are those of the zone."""

    since: datetime
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """Of one rule: how often shown and taken; how many of those who took it stay; how many took it 90 days ago or
    longer, and how many of these were customers 90 days later."""

    rule_id: UUID
    name: str
    shown: int
    taken: int
    stay: int
    ripe: int
    kept: int


@dataclass(frozen=True, slots=True)
class Report:
    """`left` counts cancellations by month and reason, `plans` by plan; `monthly` is what those who took an offer and
    stay count for in a month, by currency, each subscription once."""

    answered: int
    left: Mapping[date, Mapping[str, int]]
    plans: Sequence[tuple[UUID, str, int]]
    offers: Sequence[OfferFigures]
    monthly: Sequence[Money]

    @property
    def reasons(self) -> Counter[str]:
        """Of all months."""
        found: Counter[str] = Counter()
        for month in self.left.values():
            found.update(month)
        return found


@dataclass(frozen=True, slots=True)
class Narrow:
    """What of a list is looked at; None leaves a part out."""

    reason: str | None = None
    plan_id: UUID | None = None
    rule_id: UUID | None = None
    only: str = ""


STAY = ~Q(subscription__lifecycle=Lifecycle.ENDED.value) & Q(subscription__cancel_at_period_end=False)
TAKEN = Q(outcome=Outcome.TAKEN.value)


def report(partner_id: UUID, span: Span, *, now: datetime) -> Report:
    """In a constant number of queries."""
    made = OfferMade.objects.for_partner(partner_id).filter(made_at__gte=span.since, made_at__lt=span.until)
    ripe, kept = _ripe(now), _kept(now)
    figures = made.order_by("rule__position", "rule__name", "rule").values_list("rule", "rule__name")
    rows = figures.annotate(
        shown=Count("pk"),
        took=Count("pk", filter=TAKEN),
        stay=Count("pk", filter=TAKEN & STAY),
        ripe=Count("pk", filter=ripe),
        kept=Count("pk", filter=kept),
    )
    answers = ExitAnswer.objects.for_partner(partner_id)
    asked = answers.filter(asked_at__gte=span.since, asked_at__lt=span.until).count()
    return Report(
        asked,
        _by_month(partner_id, span),
        _by_plan(partner_id, span),
        [OfferFigures(*row) for row in rows],
        _monthly(made.filter(TAKEN & STAY)),
    )


def answer_page(partner_id: UUID, span: Span, wanted: Narrow, *, cursor: str | None, limit: int) -> Page[ExitAnswer]:
    """Those who left, newest first. Raises InvalidCursor."""
    rows = _left(partner_id, span).select_related("customer", "plan", "subscription")
    if wanted.reason is not None:
        rows = rows.filter(reason=wanted.reason)
    if wanted.plan_id is not None:
        rows = rows.filter(plan=wanted.plan_id)
    return keyset.page(rows, key="asked_at", descending=True, cursor=cursor, limit=limit)


def made_page(
    partner_id: UUID, span: Span, wanted: Narrow, *, now: datetime, cursor: str | None, limit: int
) -> Page[OfferMade]:
    """Offers, newest first; `only` is one of the columns of the figures. Raises InvalidCursor."""
    rows = OfferMade.objects.for_partner(partner_id).filter(made_at__gte=span.since, made_at__lt=span.until)
    narrowed = {"taken": TAKEN, "stay": TAKEN & STAY, "ripe": _ripe(now), "kept": _kept(now)}
    rows = rows.filter(narrowed.get(wanted.only, Q())).select_related("customer", "rule", "subscription__plan")
    if wanted.rule_id is not None:
        rows = rows.filter(rule=wanted.rule_id)
    return keyset.page(rows, key="made_at", descending=True, cursor=cursor, limit=limit)


def _ripe(now: datetime) -> Q:
    return TAKEN & Q(settled_at__lte=now - KEPT_FOR)


def _kept(now: datetime) -> Q:
    ended = Q(subscription__ended_at=None) | Q(subscription__ended_at__gt=F("settled_at") + KEPT_FOR)
    return _ripe(now) & ended


def _left(partner_id: UUID, span: Span) -> Any:
    rows = ExitAnswer.objects.for_partner(partner_id)
    return rows.filter(left_at__gte=span.since, left_at__lt=span.until)


def _by_month(partner_id: UUID, span: Span) -> dict[date, dict[str, int]]:
    rows = _left(partner_id, span).order_by()
    month = TruncMonth("left_at", tzinfo=ZoneInfo(span.zone))
    counted = rows.annotate(month=month).values_list("month", "reason").annotate(many=Count("pk"))
    found: defaultdict[date, dict[str, int]] = defaultdict(dict)
    for at, reason, many in counted:
        found[at.date()][reason] = many
    return dict(sorted(found.items()))


def _by_plan(partner_id: UUID, span: Span) -> list[tuple[UUID, str, int]]:
    rows = _left(partner_id, span).order_by().values_list("plan", "plan__name").annotate(many=Count("pk"))
    return sorted(rows, key=lambda row: (-row[2], row[1]))


def _monthly(rows: Any) -> list[Money]:
    found = rows.order_by().values_list("subscription", "subscription__currency", "subscription__mrr_amount").distinct()
    sums: Counter[str] = Counter()
    for _subscription, currency, amount in found:
        sums[currency] += amount
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]
