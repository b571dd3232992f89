"""Rules of offers and reasons of leaving, by people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from partnerpanel.actions.permission import Permission, permit
from partnerpanel.offers.services import offer_rules, survey
from partnerpanel.offers.services.offer_rules import RuleTerms
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant

__all__ = ["RuleTerms", "change_rule", "create_rule", "save_reason", "switch_rule"]


def create_rule(terms: RuleTerms, *, actor: Actor, now: datetime) -> UUID:
    """Raises Forbidden, NotFound, InvalidOffer."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return offer_rules.create_rule(terms, actor=actor, now=now)


def change_rule(rule_id: UUID, terms: RuleTerms, *, version: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """What changed. Raises Forbidden, NotFound, InvalidOffer, OfferMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return offer_rules.change_rule(rule_id, terms, version=version, actor=actor, now=now)


def switch_rule(rule_id: UUID, *, is_on: bool, actor: Actor, now: datetime) -> bool:
    """Whether that changed anything. Raises Forbidden, NotFound."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return offer_rules.switch_rule(rule_id, is_on=is_on, actor=actor, now=now)


def save_reason(code: str, labels: Mapping[str, str], *, is_on: bool, actor: Actor, now: datetime) -> str:
    """Its code. Raises Forbidden, NotFound, InvalidReason."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return survey.save_reason(code, labels, is_on=is_on, actor=actor, now=now)
