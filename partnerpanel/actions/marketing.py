"""What customers agree to of marketing, the list of suppressed addresses, and the partner's rules, by whoever changes
them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from notifications.marketing.links import message_of
from notifications.marketing.queries import Choices, choices_of
from notifications.marketing.rules.reasons import Answer, Source, Suppressed
from notifications.marketing.rules.topics import Topic
from notifications.marketing.services import choices, set_rules, suppress, unsubscribe
from notifications.marketing.services.set_rules import WantedRules
from partnerpanel.actions.permission import Permission, confine, permit
from partnerpanel.tenancy.actor import Actor, ActorKind
from partnerpanel.tenancy.scope import tenant

__all__ = ["Answer", "Source", "Suppressed", "Topic", "WantedRules"]
# Where somebody of this kind says it, unless it says otherwise.
SOURCES: Mapping[ActorKind, Source] = {
    ActorKind.CUSTOMER: Source.PORTAL,
    ActorKind.KEY: Source.API,
    ActorKind.USER: Source.STAFF,
}


def choose(
    customer_id: UUID,
    answers: Mapping[Topic, Answer],
    *,
    source: Source | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> bool:
    """Whether anything changed. A customer chooses for itself; staff and programs write down what it said, and where.

    Raises Forbidden, NotFound, CustomerErased.
    """
    confine(actor, [customer_id])
    if actor.kind is not ActorKind.CUSTOMER:
        permit(actor, Permission.EDIT_CUSTOMERS)
    said = SOURCES[actor.kind] if source is None or actor.kind is ActorKind.CUSTOMER else source
    with tenant(actor.partner_id):
        return choices.say(customer_id, answers, source=said, note=note, actor=actor, now=now)


def chosen(customer_id: UUID, *, actor: Actor) -> Choices:
    """What the customer said so far. Raises NotFound for another customer than the one that asks."""
    confine(actor, [customer_id])
    with tenant(actor.partner_id):
        return choices_of(actor.partner_id, [customer_id])[customer_id]


def unsubscribe_by_link(partner_id: UUID, token: str, *, topic: Topic | None, at_once: bool, now: datetime) -> None:
    """By the link of a mail: one topic, or all of marketing. Repeating it changes nothing. Raises NotFound."""
    message_id, source = message_of(token), Source.ONE_CLICK if at_once else Source.LINK
    with tenant(partner_id):
        unsubscribe.unsubscribe(
            message_id,
            [topic] if topic else list(Topic),
            source=source,
            actor=Actor.system(partner_id),
            now=now,
        )


def suppress_address(address: str, *, note: str, actor: Actor, now: datetime) -> UUID | None:
    """By hand; None where it is on the list already. Raises Forbidden, InvalidSuppression."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        return suppress.suppress(address, Suppressed.BY_HAND, note=note, actor=actor, now=now)


def remove_suppression(suppression_id: UUID, *, note: str, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, NotFound, InvalidSuppression without a reason."""
    permit(actor, Permission.CAMPAIGN)
    with tenant(actor.partner_id):
        suppress.remove(suppression_id, note=note, actor=actor, now=now)


def set_marketing_rules(wanted: WantedRules, *, version: int | None = None, actor: Actor, now: datetime) -> bool:
    """Raises Forbidden, InvalidMarketingRules, MarketingRulesMoved."""
    permit(actor, Permission.MANAGE_SETTINGS)
    with tenant(actor.partner_id):
        return set_rules.set_rules(wanted, version=version, actor=actor, now=now)
