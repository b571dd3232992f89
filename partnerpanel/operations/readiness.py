"""Whether requests may be sent here: the database is there, complete, and entered as the right role.

A broker that is away is no reason to send nobody: what a commit would have woken is found by the next sweep.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from partnerpanel.tenancy.database import is_powerful

OK = "ok"
SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Readiness:
    """What each part says: `ok`, or in a word what is wrong with it."""

    database: str
    migrations: str
    roles: str
    broker: str

    @property
    def ready(self) -> bool:
        return self.database == self.migrations == self.roles == OK

    @property
    def status(self) -> str:
        if not self.ready:
            return "down"
        return OK if self.broker == OK else "degraded"


def readiness() -> Readiness:
    """Asks all of them; raises nothing."""
    broker = broker_state()
    try:
        missing = _missing_migrations()
        powerful = is_powerful(connection)
    except Error:
        connection.close()
        return Readiness("away", "unknown", "unknown", broker)
    return Readiness(OK, "missing" if missing else OK, "too powerful" if powerful else OK, broker)


def broker_state() -> str:
    """`ok` or `away`; a broker inside the process is always there."""
    url = settings.CELERY_BROKER_URL
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return OK
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as broker:
            broker.ping()
    except (redis.RedisError, OSError):
        return "away"
    return OK


def _missing_migrations() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return not known_migrations() <= set(cursor.fetchall())


@lru_cache(maxsize=1)
def known_migrations() -> frozenset[tuple[str, str]]:
    """Those that this code needs; read once, as code does not change under a process."""
    return frozenset(MigrationLoader(None).disk_migrations or {})
