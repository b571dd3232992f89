"""Start the servers that are not named, and bring their roles about."""

import os
from dataclasses import replace

from partnerpanel.embedded.broker import start_broker
from partnerpanel.embedded.connection import FILE, Servers
from partnerpanel.embedded.postgres import start_postgres
from partnerpanel.embedded.processes import Children, mark
from partnerpanel.embedded.state import State
from partnerpanel.tenancy.bootstrap import bootstrap


def start_servers(children: Children, given: Servers, *, throwaway: bool = False) -> Servers:
    """All addresses: the given ones, and those of servers started for what was not given."""
    servers = given
    if not servers.database_url:
        started = start_postgres(children, throwaway=throwaway)
        servers = replace(
            servers, database_url=started.user_url, owner_url=started.owner_url, admin_url=started.admin_url
        )
    if servers.admin_url:
        bootstrap(admin_url=servers.admin_url, owner_url=servers.owner_url, user_url=servers.database_url)
    if not servers.redis_url:
        broker = start_broker(children)
        servers = replace(servers, redis_url=broker.redis_url, cache_url=broker.cache_url)
    return servers


def publish(state: State, servers: Servers, **more: str) -> None:
    """Write the addresses down for other processes, under the mark of the process that keeps the servers."""
    state.write(FILE, {**vars(servers), **more, "keeper": mark(os.getpid())})
