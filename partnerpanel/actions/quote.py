"""A quote: the signed preview of a verb. It holds for 15 minutes and only while the facts stay as shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from partnerpanel.actions.ban_plan import BanPlan, endings_compared
from partnerpanel.actions.erasure_plan import ErasurePlan, holdings_compared
from partnerpanel.actions.message_plan import MessagePlan, messages_compared
from partnerpanel.actions.money_plan import MoneyPlan, compared
from partnerpanel.actions.tag_plan import TagPlan, tags_compared
from partnerpanel.actions.verb import ActionPlan, Verb
from partnerpanel.events.consumers import Foreseen
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import Conflict
from partnerpanel.tenancy.actor import Actor
from subscriptions.rules.access_plan import AccessPlan, LimitChange, Refusal
from subscriptions.rules.states import Lifecycle

MINUTES = 15
SALT = "partnerpanel.quote"


class QuoteExpired(Conflict):
    """The preview is older than 15 minutes, or was not made for this request."""

    code = "quote_expired"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact as it was shown and as it is; empty where it was not, or is no longer."""

    label: str
    shown: str
    now: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to one subscription, before and after."""

    customer_id: UUID
    customer_name: str
    subscription_id: UUID | None
    plan_name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Everything that confirming would do. `token` is cited by the confirmation; `endings` are those of a ban,
    `erasures` say what is held of people that would go."""

    verb: str
    effects: tuple[Effect, ...]
    mails: tuple[Foreseen, ...]
    steps: tuple[Foreseen, ...]
    warnings: tuple[StrEnum, ...]
    refusals: tuple[Refusal, ...]
    facts: Mapping[str, str]
    token: str
    expires_at: datetime
    money: tuple[MoneyPlan, ...] = ()
    endings: tuple[MoneyPlan, ...] = ()
    erasures: tuple[ErasurePlan, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Nothing at all would happen."""
        return bool(self.refusals) and not self.effects


def make_quote(verb: Verb, plans: Sequence[ActionPlan], foreseen: Sequence[Foreseen], *, actor: Actor) -> Quote:
    """The quote of plans, signed for this actor, verb, targets and inputs."""
    facts = facts_of(plans, foreseen)
    content = {"about": _about(verb, actor), "facts": dict(facts)}
    return Quote(
        verb=verb.name,
        effects=tuple(effect for plan in plans for effect in _effects(plan)),
        mails=tuple(one for one in foreseen if one.kind == "mail"),
        steps=tuple(one for one in foreseen if one.kind == "step"),
        warnings=tuple(dict.fromkeys(warning for plan in plans for warning in plan.warnings)),
        refusals=tuple(plan.refusal for plan in plans if plan.refusal),
        facts=facts,
        token=signing.dumps(content, salt=SALT, compress=True),
        expires_at=system_now() + timedelta(minutes=MINUTES),
        money=tuple(plan for plan in plans if isinstance(plan, MoneyPlan) and not plan.refusal),
        endings=tuple(ending for plan in plans if isinstance(plan, BanPlan) for ending in plan.endings),
        erasures=tuple(plan for plan in plans if isinstance(plan, ErasurePlan) and not plan.refusal),
    )


def shown_facts(token: str, verb: Verb, *, actor: Actor) -> dict[str, str]:
    """The facts that the cited quote showed. Raises QuoteExpired for one that is old or not of this request."""
    try:
        content = signing.loads(token, salt=SALT, max_age=timedelta(minutes=MINUTES))
    except signing.BadSignature:
        raise QuoteExpired(
            _("This preview has expired. Look at the new one and confirm again."), field="quote"
        ) from None
    if content["about"] != _about(verb, actor):
        raise QuoteExpired(_("This preview was made for something else. Look at the new one."), field="quote")
    return dict(content["facts"])


def differences(shown: Mapping[str, str], true: Mapping[str, str]) -> tuple[Difference, ...]:
    """The facts that moved, in a stable order."""
    labels = [*shown, *(label for label in true if label not in shown)]
    return tuple(
        Difference(label, shown.get(label, ""), true.get(label, ""))
        for label in labels
        if shown.get(label) != true.get(label)
    )


def facts_of(plans: Sequence[ActionPlan], foreseen: Sequence[Foreseen] = ()) -> dict[str, str]:
    """What is compared when the quote is confirmed, labelled for people."""
    facts: dict[str, str] = {}
    for plan in plans:
        facts |= _compared(plan)
    for one in foreseen:
        facts[f"{one.title} · {one.to}"] = one.kind
    return facts


def _compared(plan: ActionPlan) -> Mapping[str, str]:
    if isinstance(plan, MoneyPlan):
        return compared(plan)
    if isinstance(plan, MessagePlan):
        return messages_compared(plan)
    if isinstance(plan, TagPlan):
        return tags_compared(plan)
    if isinstance(plan, ErasurePlan):
        return holdings_compared(plan)
    if plan.refusal:
        return {f"{plan.customer_name} · {_('not possible')}": plan.refusal.code}
    if isinstance(plan, BanPlan):
        return {**endings_compared(plan), **_compared(plan.access)}
    return _access_compared(plan)


def _access_compared(plan: AccessPlan) -> dict[str, str]:
    facts: dict[str, str] = {}
    holds = [f"+ {hold.kind}" for hold in plan.placed] + [f"− {hold.kind}" for hold in plan.released]
    if holds or not plan.limits:
        facts[f"{plan.customer_name} · {_('holds')}"] = ", ".join(holds)
    for limit in plan.limits:
        label = f"{plan.customer_name} · {limit.plan_name} · {str(limit.subscription_id)[-6:]} · {limit.allowance}"
        facts[label] = f"{limit.before} → {limit.after}"
    for change in plan.changes:
        label = f"{plan.customer_name} · {change.plan_name} · {str(change.subscription_id)[-6:]}"
        facts[label] = f"{change.before.access} → {change.after.access}"
    return facts


def _effects(plan: ActionPlan) -> list[Effect]:
    if plan.refusal:
        return []
    if isinstance(plan, MoneyPlan):
        states = ("open" if plan.before.is_open else "blocked", "open" if plan.after.is_open else "blocked")
        return [Effect(plan.customer_id, plan.customer_name, plan.subscription_id, plan.before.plan_name, *states)]
    if isinstance(plan, BanPlan):
        return [
            *_effects(plan.access),
            *(_ended(one) for one in plan.endings if one.after.lifecycle is Lifecycle.ENDED),
        ]
    if isinstance(plan, AccessPlan) and plan.limits:
        return [_limited(plan, limit) for limit in plan.limits]
    if isinstance(plan, TagPlan | ErasurePlan | MessagePlan) or not plan.changes:
        return [Effect(plan.customer_id, plan.customer_name, None, "", "", "")]
    return [
        Effect(
            plan.customer_id,
            plan.customer_name,
            change.subscription_id,
            change.plan_name,
            change.before.access.value,
            change.after.access.value,
        )
        for change in plan.changes
    ]


def _ended(one: MoneyPlan) -> Effect:
    before = "open" if one.before.is_open else "blocked"
    return Effect(one.customer_id, one.customer_name, one.subscription_id, one.before.plan_name, before, "ended")


def _limited(plan: AccessPlan, limit: LimitChange) -> Effect:
    before, after = str(limit.before), str(limit.after)
    return Effect(plan.customer_id, plan.customer_name, limit.subscription_id, limit.allowance, before, after)


def _about(verb: Verb, actor: Actor) -> str:
    targets = [[str(target.customer_id), str(target.subscription_id or "")] for target in verb.targets]
    # Words are the asker's own and move no fact, so that typing on does not outdate what is shown.
    inputs = {name: value for name, value in verb.inputs().items() if name != "reason"}
    about: list[Any] = [verb.name, targets, inputs, str(actor.partner_id), str(actor.id or "")]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
