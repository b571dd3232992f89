"""Writing limits that somebody set, or lifted, in the open scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.bulk import insert_rows, update_rows
from subscriptions.models import AllowanceLimit, Subscription
from subscriptions.rules.access_plan import LimitChange

COLUMNS = ("subscription", "allowance", "value", "reason", "set_at", "set_by")


def write_limits(changes: Sequence[LimitChange], *, actor: Actor, now: datetime) -> None:
    """Of locked subscriptions: each change replaces what was set for its allowance."""
    if not changes:
        return
    partner_id = actor.partner_id
    ids, names = [one.subscription_id for one in changes], {one.allowance for one in changes}
    meant = {(one.subscription_id, one.allowance) for one in changes}
    present = AllowanceLimit.objects.for_partner(partner_id).filter(subscription__among=ids, allowance__in=names)
    found = present.values_list("pk", "subscription_id", "allowance")
    gone = [id_ for id_, subscription_id, allowance in found if (subscription_id, allowance) in meant]
    AllowanceLimit.objects.for_partner(partner_id).filter(pk__in=gone).delete()
    rows = [
        (one.subscription_id, one.allowance, one.value, one.reason, now, actor.id)
        for one in changes
        if one.value is not None
    ]
    insert_rows(AllowanceLimit, partner_id=partner_id, columns=COLUMNS, rows=rows)
    versions = [(one.subscription_id, one.version) for one in changes]
    update_rows(Subscription, partner_id=partner_id, columns=["version"], rows=versions)
