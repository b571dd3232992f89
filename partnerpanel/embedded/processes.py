"""Child processes that can be recognised later: started, watched, and stopped, also by the run after a crash."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from partnerpanel.embedded.account import Account
from partnerpanel.embedded.state import State

MARKS = "processes.json"
PR_SET_PDEATHSIG = 1


class StartFailed(Exception):
    """A child did not come up; the message ends with the last lines of its log."""


@dataclass(frozen=True)
class Child:
    """A running child: `stop_with` asks it to finish in order, `patience` is how many seconds it may take."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_with: signal.Signals
    patience: float

    def ended(self) -> bool:
        return self.process.poll() is not None

    def said(self, words: str) -> bool:
        """Whether its log holds these words."""
        return words in self.log.read_text(errors="replace")

    def last_words(self, lines: int = 12) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(f"  {self.name} | {line}" for line in text.splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        if not self.ended():
            self.process.send_signal(self.stop_with)

    def wait_for_end(self) -> None:
        """Wait for a child that was asked, and end its whole process group when it does not listen."""
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Children:
    """The children of one run, their marks written to the state folder as they start."""

    state: State
    running: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        account: Account | None = None,
        environment: Mapping[str, str] | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
        patience: float = 5,
        given: bytes | None = None,
    ) -> Child:
        """Start a child in a process group of its own: Ctrl-C reaches the parent alone. `given` is its input."""
        log = self.state.logs / f"{name}.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/" if account else None,
                env=dict(environment) if environment is not None else None,
                start_new_session=True,
                preexec_fn=die_with_parent(stop_with),  # noqa: PLW1509 - it calls the kernel and takes no lock
                **(account.identity if account else {}),
            )
        child = Child(name, process, log, stop_with, patience)
        self.running.append(child)
        self.write_marks()
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.write(given or b"")
                process.stdin.close()
        return child

    def wait_until(self, ready: Callable[[], bool], child: Child, *, seconds: float) -> None:
        """Return when `ready` answers yes; raise StartFailed when the child ends first or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if child.ended() or time.monotonic() > deadline:
                why = (
                    f"ended with code {child.process.returncode}" if child.ended() else f"not ready in {seconds:.0f} s"
                )
                raise StartFailed(f"{child.name}: {why}\n{child.last_words()}")
            time.sleep(0.03)

    def stop(self, *, first: int = 0) -> None:
        """Stop all from the `first` on: asked at once, waited for one by one, the last one started first."""
        for child in reversed(self.running[first:]):
            child.ask_to_stop()
        while len(self.running) > first:
            self.running[-1].wait_for_end()
            self.running.pop()
            self.write_marks()

    def ended(self) -> Child | None:
        """A child that is gone though nobody asked it to."""
        return next((child for child in self.running if child.ended()), None)

    def write_marks(self) -> None:
        marks = [(child.name, mark(child.process.pid), int(child.stop_with)) for child in self.running]
        self.state.write(MARKS, marks)


def mark(pid: int) -> str | None:
    """What tells this process from a later one with the same number: the boot, and the moment it started."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except FileNotFoundError:
        return _mark_without_proc(pid)
    return None if fields[0] == "Z" else f"{pid} {fields[19]} {boot}"


def _mark_without_proc(pid: int) -> str | None:
    if Path("/proc/self/stat").exists():
        return None
    asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return f"{pid} {asked.stdout.strip()}" if asked.stdout.strip() else None


def stop_leftovers(state: State) -> list[str]:
    """Stop what a killed predecessor left running, recognised by its mark and nothing else; the names of those."""
    left = [(name, found, signal.Signals(ask)) for name, found, ask in state.read(MARKS) or [] if still_runs(found)]
    stop_marked([(found, ask) for _, found, ask in left])
    state.forget(MARKS)
    return [name for name, _, _ in left]


def still_runs(found: str | None) -> bool:
    """Whether the process of this mark is there, and not another one with its number."""
    return found is not None and mark(int(found.split()[0])) == found


def stop_marked(left: Sequence[tuple[str, signal.Signals]], *, seconds: float = 5) -> None:
    """Ask processes that are not our children to stop, all at once, and insist with those that still run then."""
    for found, ask in left:
        if still_runs(found):
            with suppress(ProcessLookupError):
                os.kill(int(found.split()[0]), ask)
    deadline = time.monotonic() + seconds
    while running := [found for found, _ in left if still_runs(found)]:
        if time.monotonic() > deadline:
            stop_marked([(found, signal.SIGKILL) for found in running])
            return
        time.sleep(0.05)


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None] | None:
    """Run in the child just before its program: the kernel signals it when the parent's main thread is gone."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent, number = os.getpid(), int(with_signal)

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return bind
