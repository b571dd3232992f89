"""Children that can be recognised later: what a killed predecessor left is stopped, and nothing else ever is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerpanel.embedded.processes import MARKS, Children, StartFailed, mark, stop_leftovers
from partnerpanel.embedded.state import State

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path)


@pytest.fixture
def children(state: State) -> Iterator[Children]:
    children = Children(state)
    yield children
    children.stop()


def test_a_child_that_does_not_listen_is_ended(children: Children) -> None:
    child = children.start("deaf", STUBBORN, patience=0.2)
    children.wait_until(lambda: child.said("deaf"), child, seconds=10)
    children.stop()
    assert child.process.returncode == -signal.SIGKILL
    assert children.state.read(MARKS) == []


def test_a_child_that_does_not_come_up_is_quoted(children: Children) -> None:
    child = children.start("broken", [sys.executable, "-c", "import sys; sys.exit('no such thing')"])
    with pytest.raises(StartFailed, match=r"(?s)broken: ended with code 1.*no such thing"):
        children.wait_until(lambda: False, child, seconds=10)


def test_what_a_killed_parent_left_is_stopped(state: State) -> None:
    with subprocess.Popen(SLEEP) as left:
        state.write(MARKS, [("sleeper", mark(left.pid), int(signal.SIGTERM))])
        assert stop_leftovers(state) == ["sleeper"]
        assert left.wait(5) == -signal.SIGTERM


def test_a_process_that_only_has_the_same_number_is_left_alone(state: State) -> None:
    with subprocess.Popen(SLEEP) as foreign:
        number, _, rest = str(mark(foreign.pid)).partition(" ")
        state.write(MARKS, [("sleeper", f"{number} 1{rest}", int(signal.SIGTERM))])
        assert stop_leftovers(state) == []
        assert foreign.poll() is None
        foreign.kill()


def test_nothing_recognises_a_process_that_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as short:
        pass
    assert mark(short.pid) is None
    assert mark(os.getpid()) == mark(os.getpid())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_children_die_with_a_killed_parent(state: State) -> None:
    parent_code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from partnerpanel.embedded.processes import Children\nfrom partnerpanel.embedded.state import State\n"
        f"Children(State(Path({str(state.path)!r}))).start('child', {SLEEP!r})\n"
        "print('started', flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent_code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"started\n"
        [[_, child, _]] = state.read(MARKS)
        parent.kill()
    deadline = time.monotonic() + 5
    while mark(int(child.split()[0])) == child:
        assert time.monotonic() < deadline
        time.sleep(0.02)
