"""What a subscription gets when it begins to be served: its service account, held until that is set up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Many
from datetime import datetime
from uuid import UUID

from partnerpanel.queues.wake import wake
from partnerpanel.tenancy.bulk import update_rows
from subscriptions.models import Hold, ServiceAccount, Subscription
from subscriptions.provisioning.accounts import new_account, terms_of
from subscriptions.rules.service_states import ServiceState, desired_state
from subscriptions.rules.states import HoldKind, Lifecycle, access_of, counts_as_suspended


def open_services(partner_id: UUID, subscription_ids: Many[UUID], *, action_id: UUID, now: datetime) -> None:
    """For subscriptions that are served from now on, in the open scope and under their locks.

    Each without an account gets one; while that is being set up a `provisioning` hold lies on it.
    """
    if not subscription_ids:
        return
    rows = Subscription.objects.for_partner(partner_id).filter(pk__in=subscription_ids).select_related("plan")
    subscriptions = list(rows.order_by("pk"))
    accounts = ServiceAccount.objects.for_partner(partner_id).filter(subscription__in=subscriptions)
    has_account = set(accounts.values_list("subscription_id", flat=True))
    kinds = _kinds(partner_id, subscriptions)
    new, holds, states = [], [], []
    for row in subscriptions:
        lifecycle, held = Lifecycle(row.lifecycle), kinds[row.pk]
        wish = desired_state(lifecycle, held, is_paused=False)
        if row.pk not in has_account:
            new.append(new_account(row, desired=wish, terms=terms_of(row, row.plan), now=now))
        if row.pk not in has_account and wish is ServiceState.ENABLED:
            held |= {HoldKind.PROVISIONING}
            holds.append(
                Hold(
                    partner_id=partner_id,
                    customer_id=row.customer_id,
                    subscription=row,
                    kind=HoldKind.PROVISIONING,
                    placed_at=now,
                    placed_action_id=action_id,
                )
            )
        states.append((row.pk, access_of(lifecycle, held, is_paused=False), counts_as_suspended(lifecycle, held)))
    Hold.objects.bulk_create(holds)
    ServiceAccount.objects.bulk_create(new)
    update_rows(Subscription, partner_id=partner_id, columns=["access", "is_suspended"], rows=states)
    wake("provisioning", partner_id)


def _kinds(partner_id: UUID, rows: Many[Subscription]) -> dict[UUID, frozenset[HoldKind]]:
    """The kinds of open holds on each and on its customer."""
    holds = Hold.objects.for_partner(partner_id).filter(
        customer__in={row.customer_id for row in rows}, released_at=None
    )
    found: defaultdict[tuple[UUID, UUID | None], set[HoldKind]] = defaultdict(set)
    for customer_id, subscription_id, kind in holds.values_list("customer_id", "subscription_id", "kind"):
        found[customer_id, subscription_id].add(HoldKind(kind))
    return {row.pk: frozenset(found[row.customer_id, row.pk] | found[row.customer_id, None]) for row in rows}
