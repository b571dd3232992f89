"""How many requests a minute: of each key, of all keys of a partner, and of an address that sends keys that are none.

Counted in the cache. Where that is away nobody is refused: the limits protect the service, and it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from partnerpanel.api.errors import RateLimited
from partnerpanel.tenancy.visitors import count

WINDOW = 60


@dataclass(frozen=True, slots=True)
class Quota:
    """Of which limit, how many it has in a window, how many are left of this one, and its seconds to go."""

    name: str
    most: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers writes them."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.most};w={WINDOW}',
            "RateLimit": f'"{self.name}";r={self.left};t={self.seconds}',
        }


def count_request(key_id: UUID, partner_id: UUID) -> Quota:
    """The tighter one of the two. Raises RateLimited, with the quota in its details."""
    of_key = _count("key", str(key_id), settings.API_KEY_REQUESTS_A_MINUTE)
    of_partner = _count("partner", str(partner_id), settings.API_PARTNER_REQUESTS_A_MINUTE)
    return _checked(min((of_key, of_partner), key=lambda one: one.left))


def count_stranger(address: str) -> Quota:
    """A request whose key is none. Raises RateLimited."""
    return _checked(_count("address", address, settings.API_STRANGER_REQUESTS_A_MINUTE))


def _checked(quota: Quota) -> Quota:
    if quota.left < 0:
        spent = Quota(quota.name, quota.most, 0, quota.seconds)
        message = f"More than {quota.most} requests in a minute. Wait {quota.seconds} seconds."
        raise RateLimited(message, retry_after=quota.seconds, quota=spent)
    return quota


def _count(name: str, who: str, most: int) -> Quota:
    used, seconds = count(f"api:{name}", who, window=WINDOW)
    return Quota(name, most, most - used, seconds)
