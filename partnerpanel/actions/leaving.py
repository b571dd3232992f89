"""Somebody says why it leaves, and is shown one offer at most, which its quote says can be taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from billing.queries.change_facts import load_changes
from billing.rules.changes.outcome import ChangeIds
from billing.rules.changes.refusals import CannotChange
from partnerpanel.actions import door
from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.take_offer import TakeOffer, promised
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.offers.queries.choosing import fitting_rules
from partnerpanel.offers.queries.survey import is_known
from partnerpanel.offers.rules.offers import Moment, Rule
from partnerpanel.offers.rules.survey import OTHER
from partnerpanel.offers.services.making import answer_survey, make_offer
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.coupon_catalogue import coupon_line
from subscriptions.queries.holders import HolderLine, holder_lines
from subscriptions.rules.states import Lifecycle


def answer(target: Target, reason: str, *, actor: Actor, now: datetime) -> str:
    """Keeps what was answered and returns the reason's code: one of nobody is every other reason's.

    Raises Forbidden, NotFound.
    """
    permit(actor, Permission.CANCEL)
    confine(actor, [target.customer_id])
    with tenant(actor.partner_id):
        code = reason if is_known(actor.partner_id, reason) else OTHER
        answer_survey(_line(target, actor), code, actor=actor, now=now)
    return code


def offer_for(target: Target, reason: str, *, actor: Actor, now: datetime) -> tuple[UUID, Quote] | None:
    """The offer that is made to somebody who leaves, with its quote; None where there is none.

    Raises Forbidden, NotFound.
    """
    permit(actor, Permission.CANCEL)
    confine(actor, [target.customer_id])
    with tenant(actor.partner_id):
        line = _line(target, actor)
        if line.lifecycle is not Lifecycle.ACTIVE:
            return None
        rules = fitting_rules(actor.partner_id, line, moment=Moment.LEAVING, reason=reason, now=now)
        rule = _first(rules, line, actor.partner_id, now) if rules else None
        if rule is None:
            return None
        offer_id = make_offer(rule, line, reason=reason, actor=actor, now=now)
    quote = door.preview(TakeOffer((target,), offer_id), actor=actor, now=now)
    return None if quote.is_refused else (offer_id, quote)


def _first(rules: Sequence[Rule], line: HolderLine, partner_id: UUID, now: datetime) -> Rule | None:
    """The first whose offer can be taken as things stand."""
    facts = load_changes(partner_id, [line.id], now=now)[line.id]
    for rule in rules:
        offer = rule.offer
        code = coupon_line(partner_id, offer.coupon_id).code if offer.coupon_id else ""
        try:
            promised(offer, code, facts, partner_id=partner_id)(
                facts, ChangeIds(uuid7(), uuid7(), uuid7(), uuid7()), now
            )
        except (CannotChange, NotFound):
            continue
        return rule
    return None


def _line(target: Target, actor: Actor) -> HolderLine:
    line = holder_lines(actor.partner_id, [target.subscription_id] if target.subscription_id else [])
    found = next(iter(line.values()), None)
    if found is None or found.customer_id != target.customer_id:
        raise NotFound("There is no such subscription.", field="subscription")
    return found
