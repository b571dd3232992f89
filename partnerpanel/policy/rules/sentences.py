"""A policy as sentences: a code for each, the values that it names, and the keys that it tells.

The words are in `policy/wording.py`; every key is told by one sentence at least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from partnerpanel.kernel.money import Money
from partnerpanel.policy.rules.late_fee import late_fee
from partnerpanel.policy.rules.policy import KEYS, LifecyclePolicy
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.retry import RetryPolicy
from partnerpanel.policy.rules.schedule import deadline_on
from partnerpanel.policy.rules.timeline import Example

Value: TypeAlias = int | tuple[int, ...] | date | tuple[date, ...] | Money


@dataclass(frozen=True, slots=True)
class Sentence:
    """`code` names the words; `values` what they mention, of which `n` decides between singular and plural."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    keys: tuple[str, ...] = ()


def sentences(resolved: ResolvedPolicy, example: Example | None = None) -> list[Sentence]:
    """The whole policy in the order of its keys; an example adds what the fee would come to."""
    return list(_all(resolved, example))


def _all(resolved: ResolvedPolicy, example: Example | None) -> Iterator[Sentence]:
    policy = resolved.policy
    yield _listed("renewal.reminders_days", policy.renewal.reminders_days)
    yield _listed("renewal.reminders_days_yearly", policy.renewal.reminders_days_yearly)
    yield _retry(policy.retry)
    yield _chosen(policy, "grace.starts")
    counted = f"grace.days.{policy.grace.counted_from.value}"
    yield Sentence(counted, {"n": policy.grace.days}, ("grace.days", "grace.counted_from"))
    for key in ("grace.then", "grace.access", "grace.renew_inside"):
        yield _chosen(policy, key)
    yield from _renew_after(resolved, example)
    for key in KEYS:
        if key.startswith("change."):
            yield _chosen(policy, key)
    yield _counted("refund.window_hours", policy.refund.window_hours)
    for key in ("refund.access", "addon.month", "addon.on_renewal", "catchup"):
        yield _chosen(policy, key)
    yield _counted("retention.days_after_end", policy.retention.days_after_end)
    yield _counted("winback.days_before_end", policy.winback.days_before_end)
    yield Sentence("welcome.days", dict(zip("abcd", policy.welcome.days, strict=True)), ("welcome.days",))
    yield _loyalty(policy)
    hours = policy.sla.hours
    targets = {name: getattr(hours, name) for name in ("critical", "important", "general", "feature")}
    yield Sentence("sla.hours", targets, tuple(f"sla.hours.{name}" for name in targets))


def _chosen(policy: LifecyclePolicy, key: str) -> Sentence:
    """The sentence of one choice, whose code ends in the chosen value."""
    return Sentence(f"{key}.{KEYS[key].of(policy).value}", keys=(key,))


def _counted(key: str, number: int | None) -> Sentence:
    return Sentence(f"{key}.none", keys=(key,)) if number is None else Sentence(key, {"n": number}, (key,))


def _listed(key: str, days: tuple[int, ...]) -> Sentence:
    return Sentence(key, {"days": days, "n": days[-1]}, (key,)) if days else Sentence(f"{key}.none", keys=(key,))


def _retry(retry: RetryPolicy) -> Sentence:
    keys, days = ("retry.offsets_days", "retry.counted_from"), retry.offsets_days
    if not days:
        return Sentence("retry.none", keys=keys)
    return Sentence(f"retry.{retry.counted_from.value}", {"days": days, "n": days[-1]}, keys)


def _renew_after(resolved: ResolvedPolicy, example: Example | None) -> Iterator[Sentence]:
    rule, prefix = resolved.policy.grace.renew_after, "grace.renew_after"
    keys = (f"{prefix}.percent", f"{prefix}.basis", f"{prefix}.cap", f"{prefix}.waivable")
    if not rule.percent:
        yield Sentence(f"{prefix}.free", keys=keys)
        return
    yield Sentence(f"{prefix}.{rule.basis.value}", {"percent": rule.percent}, keys[:2])
    if rule.cap is None:
        yield Sentence(f"{prefix}.no_cap", keys=(keys[2],))
    else:
        yield Sentence(f"{prefix}.cap", {"cap": rule.cap}, (keys[2],))
    yield Sentence(f"{prefix}.waivable" if rule.waivable else f"{prefix}.not_waivable", keys=(keys[3],))
    if example is not None:
        grace_days = (deadline_on(resolved, first_on=example.due_on).value - example.due_on).days
        fee = late_fee(resolved, price=example.price, grace_days=grace_days, period_days=example.period_days).value
        amounts = {"fee": fee, "price": example.price, "total": fee + example.price}
        yield Sentence(f"{prefix}.example", amounts, keys[:3])


def _loyalty(policy: LifecyclePolicy) -> Sentence:
    keys, rule = ("loyalty.enabled", "loyalty.every_months", "loyalty.bonus_months"), policy.loyalty
    if not rule.enabled:
        return Sentence("loyalty.off", keys=keys)
    return Sentence("loyalty.on", {"months": rule.every_months, "n": rule.bonus_months}, keys)
