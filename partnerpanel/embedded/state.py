"""The folder in which the embedded servers keep what must outlive a run: data, passwords, logs, marks of processes."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class State:
    """One run's folder. Its files are readable by their owner alone; the folder itself may be passed through."""

    path: Path

    @classmethod
    def named(cls, name: str) -> "State":
        """`.state/demo`, `.state/test`; PARTNERPANEL_STATE moves all of them elsewhere."""
        state = cls(Path(os.environ.get("PARTNERPANEL_STATE") or ROOT / ".state").resolve() / name)
        state.path.mkdir(parents=True, exist_ok=True)
        return state

    @property
    def logs(self) -> Path:
        folder = self.path / "log"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def inbox(self) -> Path:
        folder = self.path / "inbox"
        folder.mkdir(exist_ok=True)
        return folder

    def read(self, name: str) -> Any:
        """The content of a JSON file, or None where it was never written."""
        try:
            return json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return None

    def write(self, name: str, content: Any) -> None:
        """Replace the file in one step, so that no reader ever sees half of it."""
        draft = self.path / f".{name}.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=1)
        draft.replace(self.path / name)

    def remember(self, name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
        """What the file holds; made once, by whoever comes first."""
        with self.locked("secrets.lock"):
            content: dict[str, str] | None = self.read(name)
            if content is None:
                content = make()
                self.write(name, content)
        return content

    def forget(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    @contextmanager
    def locked(self, name: str, *, shared: bool = False) -> Iterator[None]:
        """Hold a lock that ends with the process, whatever ends the process."""
        with open(self.path / name, "a") as file:
            fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            yield


def password() -> str:
    return secrets.token_urlsafe(24)
