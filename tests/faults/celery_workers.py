"""Real Celery workers and a beat on the databases of the test."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from partnerpanel.embedded.processes import die_with_parent
from partnerpanel.embedded.state import ROOT
from tests.faults.renewals import PATH
from tests.faults.workers import environment_of_the_test

STOP_WITHIN = 30


@dataclass
class CeleryWorker:
    process: subprocess.Popen[bytes]

    def asked_to_stop(self) -> int:
        """Its exit code; raises TimeoutExpired where it takes longer than an orchestrator waits."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_WITHIN)


class Beat:
    """Looks for what is due a few times a second, as far as the broker answers."""

    def __init__(self, address: str) -> None:
        self.app = Celery("beat", broker=address, set_as_current=False)
        self.next_at = 0.0

    def wakes(self) -> None:
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + 0.3
        with suppress(OperationalError):
            for name in PATH:
                self.app.send_task("partnerpanel.queues.tasks.sweep", kwargs={"queue": name}, queue="default")


@contextmanager
def celery_worker(address: str, *pool: str) -> Iterator[CeleryWorker]:
    """Under the faults of this moment; `pool` are Celery's own words about its processes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.celery_worker", *pool],
        cwd=ROOT,
        env=environment_of_the_test() | {"CELERY_BROKER_URL": address, "SANDBOX_FAULTS": settings.SANDBOX_FAULTS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 it calls the kernel and takes no lock
    )
    try:
        yield CeleryWorker(process)
    finally:
        process.kill()
        process.wait(10)
