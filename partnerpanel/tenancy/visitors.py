"""Where a request comes from, and how often it may come."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from partnerpanel.kernel.clock import system_now

log = structlog.get_logger(__name__)


def client_address(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; without proxies, of who connected."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            return str(hops[-settings.TRUSTED_PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def seconds_to_wait(name: str, who: str, *, most: int, window: int) -> int:
    """Counts one more of `who` in a window of so many seconds; how long to wait where that is too many, else 0.

    Where the cache is away nobody is refused: the limit protects the service, and it is there.
    """
    used, left = count(f"visitors:{name}", who, window=window)
    return left if used > most else 0


def count(name: str, who: str, *, window: int) -> tuple[int, int]:
    """Counts one more of `who`, in the cache: how many of this window that makes, 1 where the cache is away, and how
    many seconds of it are left."""
    at = system_now().timestamp()
    number, left = int(at // window), window - int(at % window)
    place = f"{name}:{who}:{number}"
    try:
        cache.add(place, 0, timeout=2 * window)
        return cache.incr(place), left
    except Exception as error:  # noqa: BLE001 whatever the cache's client raises when its server is away
        log.warning("uncounted", name=name, error=type(error).__name__)
        return 1, left
