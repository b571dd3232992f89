"""Accounts whose plan has changed since they were told of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from subscriptions.models import Plan, ServiceAccount
from subscriptions.rules.states import Lifecycle


def accounts_behind(partner_id: UUID, plan_id: UUID, *, limit: int) -> list[UUID]:
    """Accounts of subscriptions on the plan, unless ended, whose terms name it otherwise than it is now."""
    plan = Plan.objects.for_partner(partner_id).get(pk=plan_id)
    told = Q(terms__plan=plan.name, terms__allowances=plan.allowances)
    # Of terms that nobody has said yet, a comparison says nothing.
    rows = ServiceAccount.objects.for_partner(partner_id).filter(Q(terms={}) | ~told, subscription__plan=plan_id)
    rows = rows.exclude(subscription__lifecycle=Lifecycle.ENDED)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
