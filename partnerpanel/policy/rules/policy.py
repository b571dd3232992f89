"""The whole policy, and the list of its keys that follows from the types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from partnerpanel.policy.rules.addon import AddonPolicy
from partnerpanel.policy.rules.catchup import Catchup
from partnerpanel.policy.rules.change import ChangePolicy
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.grace import GracePolicy
from partnerpanel.policy.rules.loyalty import LoyaltyPolicy
from partnerpanel.policy.rules.refund import RefundPolicy
from partnerpanel.policy.rules.renewal import RenewalPolicy
from partnerpanel.policy.rules.retention import RetentionPolicy
from partnerpanel.policy.rules.retry import RetryPolicy
from partnerpanel.policy.rules.shape import Key, keys_of
from partnerpanel.policy.rules.sla import SlaPolicy
from partnerpanel.policy.rules.welcome import WelcomePolicy
from partnerpanel.policy.rules.winback import WinbackPolicy


@dataclass(frozen=True, slots=True)
class LifecyclePolicy:
    """Every rule of a subscription's life. As constructed without arguments it is the preset `standard`.

    A key's dotted name is the path of attributes to it: `policy.grace.renew_after.percent`.
    Raises InvalidPolicy for a value that its key does not allow.
    """

    renewal: RenewalPolicy = field(default_factory=RenewalPolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    grace: GracePolicy = field(default_factory=GracePolicy)
    change: ChangePolicy = field(default_factory=ChangePolicy)
    refund: RefundPolicy = field(default_factory=RefundPolicy)
    addon: AddonPolicy = field(default_factory=AddonPolicy)
    catchup: Catchup = Catchup.EACH
    retention: RetentionPolicy = field(default_factory=RetentionPolicy)
    winback: WinbackPolicy = field(default_factory=WinbackPolicy)
    welcome: WelcomePolicy = field(default_factory=WelcomePolicy)
    loyalty: LoyaltyPolicy = field(default_factory=LoyaltyPolicy)
    sla: SlaPolicy = field(default_factory=SlaPolicy)

    def __post_init__(self) -> None:
        for name, key in KEYS.items():
            key.kind.read(name, key.kind.write(key.of(self)))


KEYS: Mapping[str, Key] = {key.name: key for key in keys_of(LifecyclePolicy)}


def key_named(name: str) -> Key:
    """Raises InvalidPolicy for a key that no policy has."""
    if name not in KEYS:
        raise InvalidPolicy(f"“{name}” is no key of a policy.", field=name)
    return KEYS[name]
