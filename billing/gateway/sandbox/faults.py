"""Things that go wrong on purpose: SANDBOX_FAULTS, read by the sandbox alone and refused in production.

The setting is words of `name=value`, such as `answers_lost=20 seed=7 latency_ms=50 charges_a_second=25`:

- `answers_lost`: percent of keys whose first answer is lost. The charge happened; asked again, the answer arrives.
- `seed`: which keys these are. The same seed loses the answers of the same keys, in every process.
- `latency_ms`: how long each call takes, however many requests it carries.
- `charges_a_second`: how many charges the gateway takes within a second; it turns away the others unheard.
- `outage_until`: until then, on the partner's clock, nobody can be asked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from billing.gateway.refusals import GatewayDown

LIMITS = {"answers_lost": 100, "seed": 2**63, "latency_ms": 60_000, "charges_a_second": 1_000_000}


@dataclass
class Taken:
    """The charges that this process was let through with within the running second."""

    second: int = 0
    charges: int = 0

    def more(self, wanted: int, limit: int) -> int:
        second = int(time.time())
        self.charges = self.charges if second == self.second else 0
        self.second = second
        let_through = min(wanted, limit - self.charges)
        self.charges += let_through
        return let_through


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong; nothing, unless told otherwise."""

    answers_lost: int = 0
    seed: int = 0
    latency_ms: int = 0
    charges_a_second: int = 0
    outage_until: datetime | None = None

    def loses_answer(self, key: str) -> bool:
        """Whether the first answer for this key is lost."""
        digest = sha256(f"{self.seed}:{key}".encode()).digest()
        return int.from_bytes(digest[:8]) % 100 < self.answers_lost

    def takes(self, wanted: int, taken: Taken) -> int:
        """How many of the charges the gateway takes now, having `taken` those before."""
        if not self.charges_a_second:
            return wanted
        return taken.more(wanted, self.charges_a_second)

    def reach(self, now: datetime) -> None:
        """Takes the time that a call takes. Raises GatewayDown during an outage."""
        if self.latency_ms:
            time.sleep(self.latency_ms / 1000)
        if self.outage_until is not None and now < self.outage_until:
            raise GatewayDown(f"The sandbox is down until {self.outage_until.isoformat()}.")


def current() -> Faults:
    """The faults of the settings as they are now. Raises ImproperlyConfigured for words that say nothing."""
    return parsed(settings.SANDBOX_FAULTS)


@lru_cache(maxsize=32)
def parsed(text: str) -> Faults:
    """Raises ImproperlyConfigured, naming the word."""
    faults: dict[str, int | datetime] = {}
    for word in text.split():
        name, _, value = word.partition("=")
        try:
            faults[name] = _read(name, value)
        except (KeyError, ValueError):
            raise ImproperlyConfigured(f"SANDBOX_FAULTS: “{word}” is no fault; see docs/sandbox.md.") from None
    return Faults(**faults)  # type: ignore[arg-type]


def _read(name: str, value: str) -> int | datetime:
    if name == "outage_until":
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError(value)
        return instant
    number, limit = int(value), LIMITS[name]
    if not 0 <= number <= limit:
        raise ValueError(value)
    return number
