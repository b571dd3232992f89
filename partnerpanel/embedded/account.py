"""As whom the servers run. PostgreSQL refuses to run as root, so root hands them to an unprivileged user."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

NOBODY = "nobody"
ELSEWHERE = Path("/var/tmp")  # noqa: S108 - only ever a folder in it that root made and nobody else may write to


@dataclass(frozen=True)
class Account:
    """The user that a root parent hands its servers to."""

    uid: int
    gid: int

    @property
    def identity(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def servers_account() -> Account | None:
    """None for a normal user, whose servers run as that user."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(NOBODY)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def home_of(state: Path, account: Account | None) -> Path:
    """A folder for data that the servers can reach: in the state, or beside it all where a parent is closed to them."""
    if account is None or reachable(state):
        home = state / "servers"
        home.mkdir(exist_ok=True)
        home.chmod(0o711)
        return home
    home = ELSEWHERE / f"partnerpanel-{sha256(str(state.resolve()).encode()).hexdigest()[:12]}"
    home.mkdir(mode=0o711, exist_ok=True)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{home} belongs to somebody else; remove it")
    home.chmod(0o711)
    return home


def reachable(path: Path) -> bool:
    """Whether any user may pass through every folder on the way, and read what lies there."""
    path = path.resolve()
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def program_for(account: Account | None, program: Path, *, folders: tuple[Path, ...], home: Path, version: str) -> Path:
    """The program where the servers can read it: in place, or in a copy of its `folders`, which share one parent."""
    if account is None or reachable(program):
        return program
    copies = home / f"programs-{version}"
    if not copies.exists():
        draft = home / f".programs-{version}.{os.getpid()}"
        for folder in folders:
            shutil.copytree(folder, draft / folder.name, symlinks=True)
        for copied in (draft, *draft.rglob("*")):
            if not copied.is_symlink():
                copied.chmod(0o755 if copied.stat().st_mode & stat.S_IXUSR else 0o644)
        draft.replace(copies)
    return copies / program.relative_to(folders[0].parent)
