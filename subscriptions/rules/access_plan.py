"""Everything that an access verb will do to one customer; made by the rules, shown by the quote, written by apply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from partnerpanel.events.drafts import EventDraft
from subscriptions.rules.facts import AccessState, CustomerFacts, HoldFacts, SubscriptionFacts, state_with
from subscriptions.rules.service_states import ServiceState, desired_state
from subscriptions.rules.states import HoldKind, Lifecycle


class Caution(StrEnum):
    """What the person should know before they confirm."""

    STAYS_BLOCKED = "stays_blocked"
    NOTHING_TO_BLOCK = "nothing_to_block"
    UNPAID = "unpaid"
    REVIEW_OPEN = "review_open"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing would happen to this one: a stable code and a sentence."""

    code: str
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """A hold before it is written."""

    kind: HoldKind
    reason: str
    subscription_id: UUID | None


@dataclass(frozen=True, slots=True)
class AccessChange:
    """One subscription before and after; `version` is the one its event gives it."""

    subscription_id: UUID
    plan_name: str
    before: AccessState
    after: AccessState
    version: int
    service_username: str | None = None
    service_before: ServiceState | None = None
    service_after: ServiceState | None = None


@dataclass(frozen=True, slots=True)
class LimitChange:
    """An allowance of one subscription: what it may use before and after. `value` is what is set strictly from now on,
    None where plan, add-ons and packs decide again; `version` is the one its event gives the subscription."""

    subscription_id: UUID
    plan_name: str
    allowance: str
    before: int
    after: int
    value: int | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What the customer is to show: presets by their codes, words beside them, and whether that blocks access."""

    presets: tuple[str, ...]
    asks: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class AccessPlan:
    """Either a refusal and nothing else, or holds placed and released, or limits set, with all that follows from them.

    `demand` is what the customer is asked to show from now on, `answered` the demand that is closed and its outcome.
    `customer_version` is set when the customer itself changes. Events are in the order in which they are recorded.
    """

    customer_id: UUID
    customer_name: str
    subscription_id: UUID | None
    placed: tuple[HoldDraft, ...] = ()
    released: tuple[HoldFacts, ...] = ()
    changes: tuple[AccessChange, ...] = ()
    limits: tuple[LimitChange, ...] = ()
    demand: Demand | None = None
    answered: tuple[UUID, str] | None = None
    customer_version: int | None = None
    events: tuple[EventDraft, ...] = ()
    warnings: tuple[Caution, ...] = ()
    refusal: Refusal | None = None


def refused(facts: CustomerFacts, subscription_id: UUID | None, refusal: Refusal) -> AccessPlan:
    """A plan that does nothing and says why."""
    return AccessPlan(facts.id, facts.name, subscription_id, refusal=refusal)


def plan_holds(
    facts: CustomerFacts,
    *,
    kind: str,
    subscription_id: UUID | None,
    placed: tuple[HoldDraft, ...],
    released: tuple[HoldFacts, ...],
    words: dict[str, str],
    undoes: UUID | None = None,
) -> AccessPlan:
    """What follows from placing and releasing holds.

    `kind` is the event of what was asked for, such as `subscription.suspended`, recorded on the customer when
    `subscription_id` is None. A subscription that changes only because a hold lies on its customer gets
    `subscription.access_changed`.
    """
    released_ids = {hold.id for hold in released}
    wide = _kinds(facts.holds, released_ids) | {hold.kind for hold in placed if hold.subscription_id is None}
    changes = tuple(
        change
        for subscription in facts.subscriptions
        if (change := _change(subscription, wide, placed, released_ids, asked=subscription.id == subscription_id))
    )
    data: dict[str, object] = {
        "placed": [hold.kind for hold in placed],
        "released": [hold.kind for hold in released],
        "left": _left(facts, subscription_id, wide, placed, released_ids),
        **({"undoes": str(undoes)} if undoes else {}),
    }
    events: list[EventDraft] = []
    if subscription_id is None:
        subscriptions = [str(change.subscription_id) for change in changes]
        data |= {"subscriptions": subscriptions}
        events.append(EventDraft(kind, "customer", facts.id, facts.version + 1, facts.id, data, words))
    for change in changes:
        states: dict[str, object] = {"access": [change.before.access, change.after.access]}
        if change.service_after:
            states["service"] = [change.service_before, change.service_after]
        if change.subscription_id == subscription_id:
            draft = EventDraft(
                kind, "subscription", change.subscription_id, change.version, facts.id, data | states, words
            )
        else:
            draft = EventDraft(
                "subscription.access_changed", "subscription", change.subscription_id, change.version, facts.id, states
            )
        events.append(draft)
    return AccessPlan(
        customer_id=facts.id,
        customer_name=facts.name,
        subscription_id=subscription_id,
        placed=placed,
        released=released,
        changes=changes,
        customer_version=facts.version + 1 if subscription_id is None else None,
        events=tuple(events),
    )


def with_warnings(plan: AccessPlan, *warnings: Caution) -> AccessPlan:
    return replace(plan, warnings=plan.warnings + warnings)


def _kinds(holds: tuple[HoldFacts, ...], without: set[UUID]) -> frozenset[HoldKind]:
    return frozenset(hold.kind for hold in holds if hold.id not in without)


def _own_kinds(
    subscription: SubscriptionFacts, placed: tuple[HoldDraft, ...], released: set[UUID]
) -> frozenset[HoldKind]:
    added = {hold.kind for hold in placed if hold.subscription_id == subscription.id}
    return _kinds(subscription.holds, released) | added


def _left(
    facts: CustomerFacts,
    subscription_id: UUID | None,
    wide: frozenset[HoldKind],
    placed: tuple[HoldDraft, ...],
    released: set[UUID],
) -> list[HoldKind]:
    """What still suspends the subscription, or any of the customer's, afterwards; the customer is told of it."""
    concerned = [
        one for one in facts.subscriptions if subscription_id in (None, one.id) and one.lifecycle is not Lifecycle.ENDED
    ]
    kinds = wide.union(*(_own_kinds(one, placed, released) for one in concerned))
    return sorted(kinds - {HoldKind.PROVISIONING})


def _change(
    subscription: SubscriptionFacts,
    wide: frozenset[HoldKind],
    placed: tuple[HoldDraft, ...],
    released: set[UUID],
    *,
    asked: bool,
) -> AccessChange | None:
    own = _own_kinds(subscription, placed, released)
    before = AccessState(subscription.access, subscription.is_suspended)
    after = state_with(subscription, own | wide)
    if before == after and not asked:
        return None
    service = subscription.service_desired
    return AccessChange(
        subscription_id=subscription.id,
        plan_name=subscription.plan_name,
        before=before,
        after=after,
        version=subscription.version + 1,
        service_username=subscription.service_username,
        service_before=service,
        service_after=desired_state(subscription.lifecycle, own | wide, is_paused=subscription.is_paused)
        if service
        else None,
    )
