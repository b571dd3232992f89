"""What happens in an account of the double, told to its endpoints: signed, and late, twice or never on purpose."""

from __future__ import annotations

import hmac
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from partnerpanel.embedded.stripe.account import Account, Object, shown
from partnerpanel.embedded.stripe.endpoints import wants

HEADER = "Stripe-Signature"
# Puts the body to an address and returns the status of the answer.
Put = Callable[[str, bytes, Mapping[str, str]], int]


@dataclass(slots=True)
class Letter:
    """One event on its way to one endpoint."""

    url: str
    body: bytes
    secret: str = field(repr=False)

    def headers(self, *, age: float = 0.0) -> dict[str, str]:
        """Signed at this moment, or so many seconds ago."""
        at = int(time.time() - age)
        signature = hmac.new(self.secret.encode(), f"{at}.".encode() + self.body, sha256).hexdigest()
        return {HEADER: f"t={at},v1={signature}", "Content-Type": "application/json"}


@dataclass(slots=True)
class Post:
    """Delivers by `put`. Each letter goes out `times` times; a share of them `late`, with `deliver_late`, and a share
    never (`lost`), both drawn from `seed`. What is not answered by 2xx stays in `refused`, to be put again."""

    put: Put
    times: int = 1
    shuffles: bool = False
    late: float = 0.0
    lost: float = 0.0
    seed: int = 0
    held: list[Letter] = field(default_factory=list)
    refused: list[Letter] = field(default_factory=list)

    def deliver(self, account: Account) -> int:
        """What was not told yet; how many letters were put."""
        chance = random.Random(self.seed)  # noqa: S311 – mischief, not secrets
        out: list[Letter] = []
        for letter in letters(account):
            drawn = chance.random()
            if drawn < self.lost:
                continue
            (self.held if drawn < self.lost + self.late else out).extend([letter] * self.times)
        if self.shuffles:
            chance.shuffle(out)
        return self._put(out)

    def deliver_late(self) -> int:
        """What was held back."""
        held, self.held = self.held, []
        return self._put(held)

    def deliver_again(self) -> int:
        """What was refused."""
        refused, self.refused = self.refused, []
        return self._put(refused)

    def _put(self, out: list[Letter]) -> int:
        self.refused += [one for one in out if not 200 <= self.put(one.url, one.body, one.headers()) < 300]
        return len(out)


def letters(account: Account) -> list[Letter]:
    """One for each endpoint that wants an event which was not told yet; then it counts as told."""
    with account.lock:
        untold, account.untold = account.untold, []
        endpoints = list(account.of("webhook_endpoint"))
    return [_letter(one, event) for event in untold for one in endpoints if wants(one, event)]


def by_http(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer; 0 where there is none."""
    try:
        with urlopen(Request(url, data=body, headers=dict(headers)), timeout=10) as said:  # noqa: S310 – of our own
            return int(said.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


def _letter(endpoint: Object, event: Object) -> Letter:
    return Letter(endpoint["url"], json.dumps(shown(event)).encode(), endpoint["_secret"])
