"""Servers of a test's own, which it may kill: nobody else works on them."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import redis
from django.db import connections

from billing.collection.halt import lift
from partnerpanel.backups.dump import back_up
from partnerpanel.backups.restore import restore
from partnerpanel.embedded.broker import start_broker
from partnerpanel.embedded.postgres import start_postgres
from partnerpanel.embedded.processes import Child, Children
from partnerpanel.embedded.state import State
from partnerpanel.kernel.clock import system_now
from partnerpanel.tenancy.bootstrap import bootstrap
from tests.databases import Place, use

# As a real server, which has what it confirmed on disk; not the demo's, which may lose the last half second.
DURABLE = {"synchronous_commit": "on", "wal_sync_method": "fdatasync"}


@contextmanager
def folder() -> Iterator[Children]:
    """Children that are stopped, and their folder removed, when the block ends. The servers may pass through it."""
    path = Path(mkdtemp(prefix="partnerpanel-faults-"))
    path.chmod(0o711)
    children = Children(State(path))
    try:
        yield children
    finally:
        children.stop()
        shutil.rmtree(path)


@dataclass
class OwnPostgres:
    """A server with everything migrated, to which both aliases point."""

    children: Children

    def start(self) -> Place:
        addresses = start_postgres(self.children, settings=DURABLE)
        place = Place(addresses.admin_url, addresses.owner_url, addresses.user_url, "", passing=False)
        use(place)
        return place

    def killed(self) -> None:
        """The machine goes away: nothing is finished, nothing is said to anybody."""
        child = self.children.running.pop()
        child.process.send_signal(signal.SIGKILL)
        child.process.wait()
        connections.close_all()

    def comes_back(self) -> None:
        self.start()


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """While the block lasts, the database is one on this server; afterwards it is the run's again."""
    shared = {alias: dict(connections[alias].settings_dict) for alias in connections}
    with folder() as children:
        server = OwnPostgres(children)
        try:
            # Migrating once more would take most of a test's time.
            migrated = children.state.path / "migrated.dump"
            back_up(migrated, now=system_now())
            place = server.start()
            bootstrap(admin_url=place.admin_url, owner_url=place.owner_url, user_url=place.user_url)
            restore(migrated, now=system_now())
            lift(because="a copy of an empty database", now=system_now())
            yield server
        finally:
            connections.close_all()
            for alias, settings in shared.items():
                connections[alias].settings_dict.update(settings)


@dataclass
class OwnBroker:
    """A broker at this address, which forgets or stops answering."""

    address: str
    child: Child

    def forgets(self) -> None:
        with redis.Redis.from_url(self.address) as client:
            client.flushall()

    @contextmanager
    def dead(self) -> Iterator[None]:
        """Who asks it gets no answer, which takes longer than being refused; then it is back, and has forgotten all."""
        self.child.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.child.process.send_signal(signal.SIGCONT)
        self.forgets()


@contextmanager
def own_broker() -> Iterator[OwnBroker]:
    with folder() as children:
        addresses = start_broker(children)
        yield OwnBroker(addresses.redis_url, children.running[0])
