"""Answers why somebody leaves, and offers that are made and settled; in the open scope."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from customers.queries.facts import identities
from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.ids import uuid7
from partnerpanel.offers.models import ExitAnswer, OfferMade
from partnerpanel.offers.queries.along import Gift
from partnerpanel.offers.rules.offers import Moment, Outcome, Rule
from partnerpanel.tenancy.actor import Actor, ActorKind
from subscriptions.queries.coupons import coupons_waiting
from subscriptions.queries.holders import HolderLine, holder_lines

# Who answers again within this time has thought again, and does not leave twice.
ONE_VISIT = timedelta(days=1)


def answer_survey(line: HolderLine, reason: str, *, actor: Actor, now: datetime) -> None:
    """What the customer says before anything is cancelled; the newest answer of one visit counts."""
    identities(actor.partner_id, {line.customer_id}, lock=True)
    row = _answers(actor.partner_id, [line.id], now).get(line.id)
    if row is not None:
        row.reason, row.asked_at, row.plan_id = reason, now, line.plan_id
        row.save(update_fields=["reason", "asked_at", "plan"])
    else:
        ExitAnswer.objects.bulk_create([_answer(line, reason, actor=actor, now=now)])


def note_leaving(subscription_ids: Collection[UUID], reason: str, *, actor: Actor, now: datetime) -> None:
    """They are cancelled for that reason, under their customers' locks: what was answered before is settled by it, and
    offers made meanwhile are declined."""
    partner_id = actor.partner_id
    lines, open_ = holder_lines(partner_id, subscription_ids), _answers(partner_id, subscription_ids, now)
    for row in open_.values():
        row.reason, row.left_at = reason, now
    ExitAnswer.objects.bulk_update(open_.values(), ["reason", "left_at"])
    fresh = [_answer(line, reason, actor=actor, now=now) for id_, line in lines.items() if id_ not in open_]
    for row in fresh:
        row.left_at = now
    ExitAnswer.objects.bulk_create(fresh)
    made = OfferMade.objects.for_partner(partner_id).filter(subscription__in=list(lines), moment=Moment.LEAVING)
    for offer in made.filter(outcome=Outcome.OPEN).order_by("pk"):
        _settle(offer, Outcome.DECLINED, lines[offer.subscription_id], now=now)


def make_offer(rule: Rule, line: HolderLine, *, reason: str, actor: Actor, now: datetime) -> UUID:
    """The offer as it is shown to that one, under the customer's lock.

    One that is open and still says the same is shown again, and counts once.
    """
    partner_id = actor.partner_id
    identities(partner_id, {line.customer_id}, lock=True)
    rows = OfferMade.objects.for_partner(partner_id).filter(subscription=line.id, rule=rule.id, outcome=Outcome.OPEN)
    row = rows.first()
    if row is not None and row.rule_version == rule.version:
        row.made_at, row.reason = now, reason
        row.save(update_fields=["made_at", "reason"])
        again: UUID = row.pk
        return again
    if row is not None:
        _settle(row, Outcome.DECLINED, line, now=now)
    fresh = OfferMade(
        id=uuid7(),
        partner_id=partner_id,
        rule_id=rule.id,
        rule_version=rule.version,
        moment=rule.moment.value,
        kind=rule.offer.kind.value,
        coupon_id=rule.offer.coupon_id,
        pause_months=rule.offer.pause_months,
        plan_id=rule.offer.plan_id,
        customer_id=line.customer_id,
        subscription_id=line.id,
        reason=reason,
        made_at=now,
    )
    fresh.save(force_insert=True)
    data = {"subscription": str(line.id), "rule": str(rule.id), "moment": rule.moment.value, "reason": reason}
    draft = EventDraft("offer.made", "offer", fresh.pk, 1, line.customer_id, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)
    made: UUID = fresh.pk
    return made


def settle_taken(offer_id: UUID, *, actor: Actor, now: datetime) -> None:
    """It is taken, in the transaction that does what was offered."""
    row = OfferMade.objects.for_partner(actor.partner_id).get(pk=offer_id)
    _settle(row, Outcome.TAKEN, holder_lines(actor.partner_id, [row.subscription_id])[row.subscription_id], now=now)


def note_gifts(
    given: Mapping[UUID, Sequence[Gift]], coupons: Mapping[UUID, UUID], *, actor: Actor, now: datetime
) -> None:
    """What came along with what was done is an offer that was made; by subscription, `coupons` are those redeemed."""
    for id_, coupon_id in coupons.items():
        gift = next((one for one in given.get(id_, ()) if one.coupon_id == coupon_id), None)
        if gift is not None:
            make_offer(gift.rule, gift.line, reason=gift.reason, actor=actor, now=now)


def settle_upgrade(subscription_id: UUID, *, actor: Actor, now: datetime) -> None:
    """What came along with a change is taken once that happened, and not when it did not or was taken back."""
    rows = OfferMade.objects.for_partner(actor.partner_id).filter(subscription=subscription_id, moment=Moment.UPGRADE)
    made = list(rows.exclude(outcome=Outcome.DECLINED).select_for_update().order_by("pk"))
    if not made:
        return
    line = holder_lines(actor.partner_id, [subscription_id])[subscription_id]
    waits = coupons_waiting(actor.partner_id, subscription_id)
    for row in made:
        if row.coupon_id not in waits:
            _settle(row, Outcome.DECLINED, line, now=now)
        elif row.outcome == Outcome.OPEN and not waits[row.coupon_id]:
            _settle(row, Outcome.TAKEN, line, now=now)
            _tell_taken(row, actor=actor, now=now)


def settle_open(subscription_id: UUID, moment: Moment, outcome: Outcome, *, actor: Actor, now: datetime) -> None:
    """What was offered to it at that moment and is open ends so; nothing where nothing is."""
    rows = OfferMade.objects.for_partner(actor.partner_id).filter(subscription=subscription_id, moment=moment)
    for row in rows.filter(outcome=Outcome.OPEN).select_for_update().order_by("pk"):
        _settle(row, outcome, holder_lines(actor.partner_id, [subscription_id])[subscription_id], now=now)
        if outcome is Outcome.TAKEN:
            _tell_taken(row, actor=actor, now=now)


def _tell_taken(row: OfferMade, *, actor: Actor, now: datetime) -> None:
    data = {"subscription": str(row.subscription_id), "rule": str(row.rule_id), "moment": row.moment}
    draft = EventDraft("offer.taken", "offer", row.pk, 2, row.customer_id, data)
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _settle(row: OfferMade, outcome: Outcome, line: HolderLine, *, now: datetime) -> None:
    row.outcome, row.settled_at = outcome.value, now
    row.currency, row.amount = line.monthly.currency, line.monthly.amount
    row.save(update_fields=["outcome", "settled_at", "currency", "amount"])


def _answers(partner_id: UUID, subscription_ids: Collection[UUID], now: datetime) -> dict[UUID, ExitAnswer]:
    """By subscription, the answer of this visit that has led to nothing yet."""
    rows = ExitAnswer.objects.for_partner(partner_id).filter(subscription__in=list(subscription_ids), left_at=None)
    found = rows.filter(asked_at__gt=now - ONE_VISIT).order_by("asked_at", "pk")
    return {row.subscription_id: row for row in found}


def _answer(line: HolderLine, reason: str, *, actor: Actor, now: datetime) -> ExitAnswer:
    return ExitAnswer(
        id=uuid7(),
        partner_id=actor.partner_id,
        customer_id=line.customer_id,
        subscription_id=line.id,
        plan_id=line.plan_id,
        reason=reason,
        by_customer=actor.kind is ActorKind.CUSTOMER,
        asked_at=now,
    )
