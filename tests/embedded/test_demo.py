"""The demo as a newcomer meets it: it comes up, answers, goes away cleanly, and gets over being killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerpanel.embedded.ports import answers, free_port
from partnerpanel.embedded.processes import MARKS, mark
from partnerpanel.embedded.state import ROOT, State

pytestmark = pytest.mark.slow
PATIENCE = 90


class Demo:
    """`python -m partnerpanel.embedded demo` with a state folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder / "demo")
        self.port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        environment |= {"PARTNERPANEL_STATE": str(folder)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "partnerpanel.embedded", "demo", "--port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_ready(self) -> str:
        """What it says until it is ready, the line about its port included."""
        assert self.process.stdout is not None
        told = ""
        for line in self.process.stdout:
            told += line
            if "stop with Ctrl-C" in line:
                return told
        raise AssertionError(told)

    def marks(self) -> list[str]:
        return [left for _, left, _ in self.state.read(MARKS) or []]

    def close(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Reachable for the user that a root parent hands its servers to, which pytest's own folders are not."""
    made = Path(tempfile.mkdtemp(prefix="partnerpanel-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def test_the_demo_starts_answers_and_leaves_nothing(folder: Path) -> None:
    demo = Demo(folder)
    try:
        told = demo.wait_until_ready()
        assert f"http://localhost:{demo.port}/" in told
        for page in ("/accounts/login/", "/inbox/"):
            with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}{page}", timeout=20) as answer:
                assert answer.status == 200
        running = demo.marks()
        assert len(running) == len(("postgres", "valkey", "smtp", "stripe", "web", "fast", "slow", "beat"))
        assert "/webhooks/stripe/" in (demo.state.path / "stripe-double.json").read_text()
    finally:
        code = demo.close()
    assert code == 0
    assert all(mark(int(left.split()[0])) != left for left in running)
    assert not answers(demo.port)


def test_a_killed_demo_is_cleaned_up_by_the_next(folder: Path) -> None:
    killed = Demo(folder)
    killed.wait_until_ready()
    left = killed.marks()
    for one in left:
        # A stopped process hears nothing, so it outlives its parent, as all of them do where the kernel tells none.
        os.kill(int(one.split()[0]), signal.SIGSTOP)
    killed.process.kill()
    killed.process.communicate(timeout=PATIENCE)
    assert any(mark(int(one.split()[0])) == one for one in left)
    following = Demo(folder)
    try:
        assert "which an earlier run left behind" in following.wait_until_ready()
        assert all(mark(int(one.split()[0])) != one for one in left)
    finally:
        assert following.close() == 0


def test_a_child_that_dies_takes_the_demo_with_it_and_is_named(folder: Path) -> None:
    demo = Demo(folder)
    demo.wait_until_ready()
    os.kill(next(int(left.split()[0]) for name, left, _ in demo.state.read(MARKS) if name == "beat"), signal.SIGKILL)
    told, _ = demo.process.communicate(timeout=PATIENCE)
    assert "beat ended with code -9" in told
    assert demo.process.returncode == 1
    assert demo.marks() == []
