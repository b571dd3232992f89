"""Where the demo's servers are: those that the environment names, else those that the running demo started."""

import os
from dataclasses import dataclass
from pathlib import Path

from partnerpanel.embedded.keys import secrets_of
from partnerpanel.embedded.processes import mark
from partnerpanel.embedded.state import State

FILE = "connection.json"


class NothingRunning(Exception):
    """No server is named, and none was started."""


@dataclass(frozen=True)
class Servers:
    """Addresses of the servers; an empty one is still to be started."""

    database_url: str = ""
    owner_url: str = ""
    admin_url: str = ""
    redis_url: str = ""
    cache_url: str = ""


@dataclass(frozen=True)
class Connection:
    """All that the demo's settings need to know."""

    database_url: str
    owner_url: str
    redis_url: str
    cache_url: str
    smtp_port: int
    stripe_url: str
    public_url: str
    inbox: Path
    secret_key: str
    secret_ring: list[str]


def named() -> Servers:
    """What the environment names. A database is named by both of its roles, or not at all."""
    database_url, owner_url = os.environ.get("DATABASE_URL", ""), os.environ.get("DATABASE_OWNER_URL", "")
    if bool(database_url) != bool(owner_url):
        raise NothingRunning("set both DATABASE_URL and DATABASE_OWNER_URL, or neither")
    redis_url = os.environ.get("REDIS_URL", "")
    return Servers(
        database_url=database_url,
        owner_url=owner_url,
        admin_url=os.environ.get("DATABASE_ADMIN_URL", ""),
        redis_url=redis_url,
        cache_url=os.environ.get("CACHE_URL", "") or redis_url,
    )


def connection() -> Connection:
    """The addresses for this process. Raises NothingRunning where a part is neither named nor running."""
    state, given = State.named("demo"), named()
    started = read_started(state)
    if not started and not (given.database_url and given.redis_url):
        raise NothingRunning(
            "no server is running: start `make demo`, or set DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL"
        )
    secret_key, secret_ring = secrets_of(state)
    return Connection(
        database_url=given.database_url or started["database_url"],
        owner_url=given.owner_url or started["owner_url"],
        redis_url=given.redis_url or started["redis_url"],
        cache_url=given.cache_url or started["cache_url"],
        smtp_port=int(started.get("smtp_port", 1025)),
        stripe_url=started.get("stripe_url", ""),
        public_url=f"http://localhost:{state.read('web.json') or 8000}",
        inbox=state.inbox,
        secret_key=secret_key,
        secret_ring=secret_ring,
    )


def read_started(state: State) -> dict[str, str]:
    """What the process that keeps this state's servers wrote down, if it is alive; else nothing."""
    written: dict[str, str] = state.read(FILE) or {}
    keeper = written.get("keeper")
    return written if keeper and mark(int(keeper.split()[0])) == keeper else {}
