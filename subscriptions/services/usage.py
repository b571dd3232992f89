"""Recording what is used of allowances, each key once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.actor import Actor
from subscriptions.models import Subscription, SubscriptionAddon, Term, UsageRecord, UsageTotal
from subscriptions.queries.addons import held_addons
from subscriptions.queries.usage import left_by_name, packs_of
from subscriptions.rules.states import SERVED
from subscriptions.rules.usage import AllowanceUse, PackFacts, included_in, level_reached, taken_from_packs

LARGEST = 2**53 - 1
KEY_LENGTH, NAME_LENGTH = 100, 40


class InvalidUsage(DomainError):
    """A record that cannot be taken; `field` names why."""

    code = "invalid_usage"


class UsageKeyReused(Conflict):
    """The key stands for another record already."""

    code = "usage_key_reused"


def record_usage(
    subscription_id: UUID,
    *,
    allowance: str,
    amount: int,
    key: str,
    used_at: datetime,
    actor: Actor,
    now: datetime,
) -> AllowanceUse:
    """Adds to what is used in the period of `used_at`, in the open scope, and returns how the allowance stands.

    The same record again changes nothing. What goes beyond the period's own is taken from packs, the oldest first.
    Raises NotFound, InvalidUsage, UsageKeyReused.
    """
    _check(allowance, amount, key, used_at, now)
    partner_id = actor.partner_id
    rows = Subscription.objects.for_partner(partner_id).select_related("plan").select_for_update(of=("self",))
    row = rows.filter(pk=subscription_id).first()
    if row is None:
        raise NotFound("There is no such subscription.", field="subscription")
    number = _term_at(row, used_at)
    total, _made = UsageTotal.objects.get_or_create(
        partner_id=partner_id, subscription=row, term_number=number, allowance=allowance
    )
    held = held_addons(partner_id, [row.pk])
    packs = [pack for pack in packs_of(partner_id, held).get(row.pk, []) if _tops_up(pack, allowance)]
    included = included_in(row.plan.allowances, quantity=row.quantity, addons=held.get(row.pk, ()))
    included_here = included.get(allowance, 0)
    known = UsageRecord.objects.for_partner(partner_id).filter(subscription=row, key=key).first()
    if known is None:
        UsageRecord.objects.create(
            partner_id=partner_id,
            subscription=row,
            key=key,
            allowance=allowance,
            amount=amount,
            used_at=used_at,
            term_number=number,
            recorded_at=now,
        )
        packs = _add(total, packs, included=included_here, amount=amount, now=now)
    elif (known.allowance, known.amount, known.used_at) != (allowance, amount, used_at):
        raise UsageKeyReused("This key stands for another record already.", field="key")
    left = left_by_name(packs).get(allowance, 0)
    use = AllowanceUse(allowance, included_here, total.used, total.from_packs, left)
    level = level_reached(use, total.told_percent) if known is None else None
    if level is not None:
        _tell(row, total, use, level, actor=actor, now=now)
    return use


def _add(total: UsageTotal, packs: list[PackFacts], *, included: int, amount: int, now: datetime) -> list[PackFacts]:
    taken = taken_from_packs(packs, included=included, before=total.used, from_packs=total.from_packs, more=amount)
    total.used += amount
    total.from_packs += sum(part for _pack, part in taken)
    total.save(update_fields=["used", "from_packs"])
    parts = {pack.held.id: part for pack, part in taken}
    after = []
    for pack in packs:
        used = pack.used + parts.get(pack.held.id, 0)
        if pack.held.id in parts:
            rows = SubscriptionAddon.objects.for_partner(total.partner_id).filter(pk=pack.held.id)
            rows.update(used=used, ended_at=now if used >= pack.size else None)
        after.append(PackFacts(pack.held, used))
    return after


def _tell(row: Subscription, total: UsageTotal, use: AllowanceUse, level: int, *, actor: Actor, now: datetime) -> None:
    total.told_percent = level
    total.save(update_fields=["told_percent"])
    row.version += 1
    row.save(update_fields=["version"])
    data = {"allowance": use.name, "level": level, "used": use.used, "limit": use.limit}
    draft = EventDraft("subscription.usage_alert", "subscription", row.pk, row.version, row.customer_id, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _tops_up(pack: PackFacts, allowance: str) -> bool:
    return any(name == allowance for name, _value in pack.held.offer.allowances)


def _term_at(row: Subscription, used_at: datetime) -> int:
    terms = Term.objects.for_partner(row.partner_id).filter(subscription=row).order_by("-number")
    newest = terms.first()
    if newest is None or row.lifecycle not in SERVED:
        raise InvalidUsage("It is not served, so nothing of it is used.", field="subscription")
    then = terms.filter(starts_at__lte=used_at).first()
    if then is None:
        raise InvalidUsage("That was before it began.", field="used_at")
    return int(then.number)


def _check(allowance: str, amount: int, key: str, used_at: datetime, now: datetime) -> None:
    if not 1 <= len(allowance.strip()) <= NAME_LENGTH or "\x00" in allowance:
        raise InvalidUsage("The name of an allowance has 1 to 40 letters.", field="allowance")
    if not 1 <= amount <= LARGEST:
        raise InvalidUsage("Usage is a whole number of one or more.", field="amount")
    if not 1 <= len(key) <= KEY_LENGTH or "\x00" in key:
        raise InvalidUsage("A key has 1 to 100 letters.", field="key")
    if used_at > now:
        raise InvalidUsage("That is not over yet.", field="used_at")
