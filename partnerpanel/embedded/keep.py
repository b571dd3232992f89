"""Servers shared by all test processes of a checkout: started by the first, stopped when the last is gone.

Every user holds a shared lock for as long as it lives; the keeper stops once it can have that lock for itself. A lock
ends with its process, so a killed test run leaves nothing behind.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from psycopg2.sql import SQL, Identifier

from partnerpanel.embedded.connection import Servers, read_started
from partnerpanel.embedded.processes import Children, StartFailed, stop_leftovers
from partnerpanel.embedded.servers import publish, start_servers
from partnerpanel.embedded.state import ROOT, State
from partnerpanel.tenancy.bootstrap import connect

# How the name of a database that lives for one test run begins.
COPY = "copy_"
START, USERS = "start.lock", "users.lock"
# Those that this process started; held, so that it never takes one for lost.
_keepers: list["subprocess.Popen[bytes]"] = []


@contextmanager
def shared_servers(state: State, *, seconds: float = 60) -> Iterator[Servers]:
    """The addresses of servers that run at least until the block ends."""
    with state.locked(USERS, shared=True):
        with state.locked(START):
            if not read_started(state):
                _keepers.append(_start_keeper(state, seconds))
            started = read_started(state)
        yield Servers(**{name: started[name] for name in vars(Servers())})
    for keeper in _keepers:
        with suppress(subprocess.TimeoutExpired):  # somebody else may still use it
            keeper.wait(2)


def _start_keeper(state: State, seconds: float) -> "subprocess.Popen[bytes]":
    log = state.logs / "keeper.log"
    with open(log, "wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "partnerpanel.embedded", "keep", state.path.name],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=True,
        )
    deadline = time.monotonic() + seconds
    while not read_started(state):
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise StartFailed(f"the test servers did not start\n{log.read_text(errors='replace')}")
        time.sleep(0.03)
    return keeper


def keep(state: State) -> None:
    """Start the servers, say where they are, and stop them when nobody uses them any more."""
    stop_leftovers(state)
    children = Children(state)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        servers = start_servers(children, Servers(), throwaway=state.path.name == "test")
        drop_copies(servers.admin_url)
        publish(state, servers)
        _wait_until_unused(state, children)
    finally:
        state.forget("connection.json")
        children.stop()


def drop_copies(admin_url: str) -> None:
    """Drop what killed test runs left; nobody uses a copy while the server is only starting."""
    with closing(connect(admin_url)) as server, server.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{COPY}%"])
        for (database,) in cursor.fetchall():
            cursor.execute(SQL("DROP DATABASE {}").format(Identifier(database)))


def _wait_until_unused(state: State, children: Children) -> None:
    users = os.open(state.path / USERS, os.O_RDWR | os.O_CREAT)
    while children.ended() is None:
        time.sleep(0.2)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return
