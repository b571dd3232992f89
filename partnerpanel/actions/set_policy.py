"""Set a policy: what a partner says for itself, for a plan, a customer or one subscription."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customers.queries import detail
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.kernel.errors import Conflict, NotFound
from partnerpanel.policy import services
from partnerpanel.policy.levels import Level, level_of
from partnerpanel.policy.queries import Scope, Stored, Target
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.catalogue import plan_terms
from subscriptions.queries.names import plan_and_customer
from subscriptions.services.look_again import look_again


class PolicyMoved(Conflict):
    """Somebody else has set this level since it was shown."""

    code = "policy_moved"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What holds now, and what would; `stored` is the version that setting it writes."""

    before: ResolvedPolicy
    after: ResolvedPolicy
    stored: Stored


def target_of(partner_id: UUID, scope: Scope) -> Target:
    """For whom the level speaks, in the open scope. Raises NotFound for what is not this partner's."""
    match scope.kind:
        case ScopeKind.PARTNER:
            if scope.id != partner_id:
                raise NotFound("There is no such partner.", field="scope_id")
            return Target()
        case ScopeKind.PLAN:
            plan_terms(partner_id, scope.id)
            return Target(plan_id=scope.id)
        case ScopeKind.CUSTOMER:
            detail.customer(partner_id, scope.id)
            return Target(customer_id=scope.id)
        case ScopeKind.SUBSCRIPTION:
            plan_id, customer_id = plan_and_customer(partner_id, scope.id)
            return Target(plan_id, customer_id, scope.id)


def level(scope: Scope, *, actor: Actor) -> Level:
    """The level as it stands. Raises Forbidden, NotFound."""
    permit(actor, Permission.VIEW)
    with tenant(actor.partner_id):
        return level_of(actor.partner_id, scope, target_of(actor.partner_id, scope))


def preview_policy(scope: Scope, *, preset: str | None, document: Mapping[str, object], actor: Actor) -> Proposal:
    """What setting this would change; writes nothing. Raises Forbidden, NotFound, InvalidPolicy naming the key."""
    permit(actor, Permission.MANAGE_SETTINGS)
    found = level(scope, actor=actor)
    stored = found.proposed(preset=preset, document=document)
    return Proposal(found.resolved, found.with_(stored), stored)


def set_policy(
    scope: Scope,
    *,
    preset: str | None,
    document: Mapping[str, object],
    based_on: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Makes this what the level says, as previewed; the version that counts now. What opened before keeps its policy.

    Raises Forbidden, NotFound, InvalidPolicy naming the key, PolicyMoved where `based_on` is not the newest version.
    """
    proposal = preview_policy(scope, preset=preset, document=document, actor=actor)
    with tenant(actor.partner_id):
        target = target_of(actor.partner_id, scope)
        try:
            version = services.set_policy(
                scope_kind=scope.kind,
                scope_id=scope.id,
                preset=preset,
                document=document,
                actor=actor,
                now=now,
                based_on=based_on,
                customer_id=target.customer_id,
            )
        except Conflict as error:
            raise PolicyMoved(error.message, field=error.field) from error
        if proposal.before.policy.renewal != proposal.after.policy.renewal:
            _look_again(scope, now=now, partner_id=actor.partner_id)
        return version


def _look_again(scope: Scope, *, partner_id: UUID, now: datetime) -> None:
    """A reminder may be due earlier than the day on which these were to be looked at."""
    look_again(
        partner_id,
        plan_id=scope.id if scope.kind is ScopeKind.PLAN else None,
        customer_id=scope.id if scope.kind is ScopeKind.CUSTOMER else None,
        subscription_id=scope.id if scope.kind is ScopeKind.SUBSCRIPTION else None,
        now=now,
    )
