"""Rules of offers are made, changed and switched; in the open scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.events.drafts import EventDraft
from partnerpanel.events.services import record
from partnerpanel.kernel.errors import Conflict, DomainError, NotFound
from partnerpanel.kernel.ids import uuid7
from partnerpanel.offers.models import OfferRule
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.offers.rules.offers import LAST_PLACE, MOST_MONTHS, NAME_LENGTH, Conditions, Moment, Offer, OfferKind
from partnerpanel.tenancy.actor import Actor
from subscriptions.queries.coupon_catalogue import coupon_line
from subscriptions.queries.coupons import plans_of
from subscriptions.queries.names import names_of_plans, product_names


class InvalidOffer(DomainError):
    """A rule whose offer or conditions make no sense."""

    code = "invalid_offer"


class OfferMoved(Conflict):
    """Somebody else has changed the rule since it was looked at."""

    code = "offer_moved"


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """What a rule says."""

    moment: Moment
    name: str
    offer: Offer
    conditions: Conditions = field(default_factory=Conditions)
    position: int = 1
    is_on: bool = True

    def columns(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {
            "moment": self.moment.value,
            "name": self.name.strip(),
            "position": self.position,
            "kind": self.offer.kind.value,
            "coupon_id": self.offer.coupon_id,
            "pause_months": self.offer.pause_months,
            "plan_id": self.offer.plan_id,
            "conditions": self.conditions.as_json(),
            "is_on": self.is_on,
        }


def create_rule(terms: RuleTerms, *, actor: Actor, now: datetime) -> UUID:
    """Its id. Raises InvalidOffer, NotFound."""
    _check(terms, actor.partner_id)
    row = OfferRule(id=uuid7(), partner_id=actor.partner_id, created_at=now, **terms.columns())
    row.save(force_insert=True)
    _record(row, "offer_rule.created", {}, actor=actor, now=now)
    rule_id: UUID = row.pk
    return rule_id


def change_rule(rule_id: UUID, terms: RuleTerms, *, version: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """What changed, `[before, after]` by column. Offers that were made stay as they were shown.

    Raises InvalidOffer, NotFound, OfferMoved.
    """
    row = _locked(rule_id, actor)
    if row.version != version:
        raise OfferMoved(_("Somebody has changed this since you opened it. Nothing was done."), field="version")
    _check(terms, actor.partner_id)
    changes = {
        name: [_plain(getattr(row, name)), _plain(value)]
        for name, value in terms.columns().items()
        if getattr(row, name) != value
    }
    if changes:
        for name, value in terms.columns().items():
            setattr(row, name, value)
        _save(row, "offer_rule.updated", {"changes": _told(changes)}, actor=actor, now=now)
    return changes


def switch_rule(rule_id: UUID, *, is_on: bool, actor: Actor, now: datetime) -> bool:
    """Whether that changed anything. One that is off makes no offers; those that were made stay. Raises NotFound."""
    row = _locked(rule_id, actor)
    if row.is_on == is_on:
        return False
    row.is_on = is_on
    _save(row, "offer_rule.switched_on" if is_on else "offer_rule.switched_off", {}, actor=actor, now=now)
    return True


def _save(row: OfferRule, kind: str, data: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    row.version += 1
    row.save()
    _record(row, kind, data, actor=actor, now=now)


def _record(row: OfferRule, kind: str, data: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    draft = EventDraft(kind, "offer_rule", row.pk, row.version, data=data)
    record([draft], actor=actor, action_id=uuid7(), now=now)


def _told(changes: dict[str, Any]) -> dict[str, Any]:
    """Without the name, which is words and not an id."""
    return {name: pair for name, pair in changes.items() if name != "name"}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _locked(rule_id: UUID, actor: Actor) -> OfferRule:
    row = OfferRule.objects.for_partner(actor.partner_id).filter(pk=rule_id).select_for_update().first()
    if row is None:
        raise NotFound(_("There is no such rule."), field="offer")
    return row


def _check(terms: RuleTerms, partner_id: UUID) -> None:
    if not terms.name.strip() or len(terms.name.strip()) > NAME_LENGTH or not terms.name.isprintable():
        raise InvalidOffer(_("A name has 1 to 120 letters."), field="name")
    if not 1 <= terms.position <= LAST_PLACE:
        raise InvalidOffer(_("A place is from 1 to 999."), field="position")
    if not terms.offer.is_whole:
        raise InvalidOffer(_("Choose what is offered: a coupon, a pause of 1 to 3 months, or a plan."), field="kind")
    if terms.moment is not Moment.LEAVING and terms.offer.kind is not OfferKind.COUPON:
        raise InvalidOffer(_("At this moment only a coupon can be offered."), field="kind")
    _check_names(terms, partner_id)
    _check_upgrade(terms, partner_id)
    _check_bounds(terms.conditions)


def _check_names(terms: RuleTerms, partner_id: UUID) -> None:
    """Raises NotFound for a coupon, plan or product of nobody, InvalidOffer for an unknown reason."""
    offer, wanted = terms.offer, terms.conditions
    if offer.coupon_id is not None and coupon_line(partner_id, offer.coupon_id).is_archived:
        raise InvalidOffer(_("This coupon is archived. Restore it, or choose another."), field="coupon")
    plans = {*wanted.plans, *wanted.to_plans, *([offer.plan_id] if offer.plan_id else [])}
    if plans - set(names_of_plans(partner_id, plans)):
        raise NotFound(_("There is no such plan."), field="plans")
    if set(wanted.products) - set(product_names(partner_id, wanted.products)):
        raise NotFound(_("There is no such plan."), field="plans")
    if set(wanted.reasons) - {reason.code for reason in exit_reasons(partner_id)}:
        raise InvalidOffer(_("There is no such reason."), field="reasons")


def _check_upgrade(terms: RuleTerms, partner_id: UUID) -> None:
    """A coupon for going up goes with the better plans alone: on another it would make cheaper what nobody meant."""
    wanted = terms.conditions
    if (terms.moment is Moment.UPGRADE) != bool(wanted.to_plans):
        raise InvalidOffer(_("Name the better plans where it is for going up, and nowhere else."), field="to_plans")
    if terms.moment is not Moment.UPGRADE or terms.offer.coupon_id is None:
        return
    fits = plans_of(partner_id, [terms.offer.coupon_id]).get(terms.offer.coupon_id)
    if fits is None or not set(wanted.to_plans) <= fits or fits & set(wanted.plans):
        message = _("Choose a coupon that goes with all of the better plans, and with none that they come from.")
        raise InvalidOffer(message, field="coupon")


def _check_bounds(wanted: Conditions) -> None:
    for name in ("months_from", "months_to", "rest_months"):
        value = getattr(wanted, name)
        if value is not None and not 0 <= value <= MOST_MONTHS:
            raise InvalidOffer(_("A number of months is from 0 to 600."), field=name)
    if wanted.months_from is not None and wanted.months_to is not None and wanted.months_to < wanted.months_from:
        raise InvalidOffer(_("It ends where it begins, or later."), field="months_to")
    prices = [one for one in (wanted.price_from, wanted.price_to) if one is not None]
    if any(one.amount < 0 for one in prices) or len({one.currency for one in prices}) > 1:
        raise InvalidOffer(_("A price is not below zero, and both are in one currency."), field="price_from")
    if len(prices) == 2 and prices[1] < prices[0]:
        raise InvalidOffer(_("It ends where it begins, or later."), field="price_to")
