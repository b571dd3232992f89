"""Workers in processes of their own, which a test may kill as a machine does that goes away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import connections

from partnerpanel.embedded.processes import die_with_parent
from partnerpanel.embedded.state import ROOT
from tests.faults.size import PATIENCE
from tests.faults.worker import Job
from tests.world import World

ADDRESS = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@dataclass
class Worker:
    """One process at work."""

    nursery: Nursery
    pid: int

    def killed(self) -> int:
        """Nothing is finished, nothing is said to anybody; how it ended, which may have been before."""
        os.kill(self.pid, signal.SIGKILL)
        return self.ended()

    def ended(self) -> int:
        """Its exit code when it has ended: that of a signal is negative."""
        return self.nursery.ask({"wait": self.pid})


@dataclass
class Nursery:
    """Where workers come from."""

    process: subprocess.Popen[str]

    def work(self, world: World, *queues: str, **how: Any) -> Worker:
        """A worker on this test's database and under its faults; `how` are fields of Job."""
        job = Job(
            list(queues), str(world.id), databases_of_the_test(), settings.SANDBOX_FAULTS, settings.STRIPE_URL, **how
        )
        return Worker(self, self.ask({"work": asdict(job)}))

    def ask(self, what: dict[str, Any]) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nursery_of_workers() -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker"],
        cwd=ROOT,
        env=environment_of_the_test(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 it calls the kernel and takes no lock
    )
    try:
        yield Nursery(process)
    finally:
        with process:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(30)


def databases_of_the_test() -> dict[str, dict[str, Any]]:
    """Where both aliases point, as another process reads it."""
    return {alias: {name: connections[alias].settings_dict[name] for name in ADDRESS} for alias in connections}


def environment_of_the_test() -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "partnerpanel.settings.test",
        "STRIPE_URL": settings.STRIPE_URL,
        "STRIPE_CHARGES_A_SECOND": "1000",
        "TEST_DATABASES": json.dumps(databases_of_the_test()),
    }


def wait_until(is_time: Callable[[], bool], *, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Raises AssertionError where it does not come to that."""
    deadline = time.monotonic() + PATIENCE
    while not is_time():
        assert time.monotonic() < deadline, "it did not come to that"
        meanwhile()
        time.sleep(0.01)
