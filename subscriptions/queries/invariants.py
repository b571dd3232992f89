"""What must be true of subscriptions, their terms, holds and coupons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from partnerpanel.invariants.registry import Broken, Invariant, Pace
from partnerpanel.kernel.ids import public
from partnerpanel.policy.queries import Target, resolve
from partnerpanel.policy.rules.catchup import Catchup
from subscriptions.models import Hold, Redemption, Subscription, Term
from subscriptions.queries.sql.term_rows import odd_terms
from subscriptions.rules.states import SERVED, Collection, HoldKind

# A step that is due is taken within minutes, and looked at again this often while charging is stopped.
PATIENCE = timedelta(hours=1)


def forgotten(partner_id: UUID, now: datetime, limit: int, *, besides: QuerySet[Any]) -> list[Broken]:
    """Served subscriptions whose newest term is over, and at which nobody will look; `besides` yields the ids of those
    with a charge or a collection case under way."""
    mine = Subscription.objects.for_partner(partner_id)
    terms = Term.objects.for_partner(partner_id).filter(subscription=OuterRef("pk"))
    held = Hold.objects.for_partner(partner_id).filter(
        Q(subscription=None) | Q(subscription=OuterRef("pk")), customer=OuterRef("customer"), released_at=None
    )
    rows = mine.filter(
        Q(due_at=None) | Q(due_at__gt=now + PATIENCE),
        Exists(terms),
        ~Exists(terms.filter(ends_at__gt=now - PATIENCE)),
        ~Exists(held.exclude(kind=HoldKind.PROVISIONING)),
        lifecycle__in=SERVED,
        collection=Collection.CURRENT,
        parked_at=None,
        renewal_waits=False,
        awaits_cut_over=False,
        paused_from=None,
    ).exclude(pk__in=besides)
    return _broken(rows, limit)


def held_for_nothing(partner_id: UUID, now: datetime, limit: int, *, owing: QuerySet[Any]) -> list[Broken]:
    """Subscriptions with a running term under a nonpayment hold though none that it covers owes anything; `owing`
    yields the ids of those with an open invoice or case."""
    covered = (
        Subscription.objects.for_partner(partner_id)
        .filter(customer=OuterRef("customer"), pk=Coalesce(OuterRef("subscription"), F("pk")))
        .filter(lifecycle__in=SERVED)
    )
    running = Exists(Term.objects.for_partner(partner_id).filter(subscription=OuterRef("pk"), ends_at__gt=now))
    holds = Hold.objects.for_partner(partner_id).filter(
        Exists(covered.filter(running, awaits_cut_over=False)),
        ~Exists(covered.filter(Q(pk__in=owing) | ~running)),
        kind=HoldKind.NONPAYMENT,
        released_at=None,
    )
    columns = ("pk", "customer_id", "subscription_id")
    return [
        Broken(public("sub", subscription_id) if subscription_id else public("cus", customer_id), customer_id)
        for _id, customer_id, subscription_id in holds.order_by("pk").values_list(*columns)[:limit]
    ]


def _odd_terms(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    """With `catchup = latest` the days that an outage left out are billed to nobody, so they are no gap."""
    found = odd_terms(partner_id, limit)
    gaps = [one for one in found if one.how == "gap"]
    targets = [Target(one.plan_id, one.customer_id, one.subscription_id) for one in gaps]
    policies = resolve(partner_id, targets) if targets else []
    meant = {
        (one.subscription_id, one.number)
        for one, policy in zip(gaps, policies, strict=True)
        if policy.policy.catchup is Catchup.LATEST
    }
    return [
        Broken(public("sub", one.subscription_id), one.customer_id, f"term {one.number}: {one.how}")
        for one in found
        if (one.subscription_id, one.number) not in meant
    ]


def _broken(rows: QuerySet[Subscription], limit: int) -> list[Broken]:
    columns = rows.order_by("pk").values_list("pk", "customer_id")[:limit]
    return [Broken(public("sub", id_), customer_id) for id_, customer_id in columns]


def _redeemed_too_often(partner_id: UUID, _now: datetime, limit: int) -> list[Broken]:
    rows = Redemption.objects.for_partner(partner_id).filter(withdrawn=False).order_by()
    in_all = rows.values_list("coupon_id", "coupon__most").annotate(times=Count("pk"))
    by_one = rows.values_list("coupon_id", "customer_id", "coupon__most_each").annotate(times=Count("pk"))
    found = [
        Broken(public("cpn", coupon_id), None, f"{times} > {most}")
        for coupon_id, most, times in in_all.filter(times__gt=F("coupon__most")).order_by("coupon_id")[:limit]
    ]
    each = by_one.filter(times__gt=F("coupon__most_each")).order_by("coupon_id", "customer_id")[: limit - len(found)]
    return found + [
        Broken(public("cpn", coupon_id), customer_id, f"{times} > {most}")
        for coupon_id, customer_id, most, times in each
    ]


COUPONS = Invariant(
    name="coupons_are_redeemed_within_their_limits",
    sentence=_("No coupon is redeemed more often than its limits allow."),
    remedy=_("Remove it where it was redeemed last, or raise its limit in the settings if that is meant."),
    find=_redeemed_too_often,
    pace=Pace.NIGHTLY,
)
TERMS = Invariant(
    name="terms_follow_one_another",
    sentence=_("The periods of a subscription follow one another without overlap."),
    remedy=_("Compare its periods with its invoices: extend it for days that are missing, credit days billed twice."),
    find=_odd_terms,
    pace=Pace.NIGHTLY,
)
