"""A process that begets workers: it has loaded everything and forks one for each job that it reads, in JSON lines.

`{"work": {…}}` is answered with the worker's process id, `{"wait": id}` with how that process ended. When its input
ends, it ends, and its workers with it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django


@dataclass(frozen=True)
class Job:
    """Works through `queues` in their order, as often as `rounds` says, in chunks of `chunk`.

    It begins `late` seconds from now, and each round is `ahead` seconds later than the one before. It dies when it
    comes to the step of that name for the first time, or writes down the steps that it takes in the file `notes`. At a
    gateway with a pace it begins so many `charges_a_second`.
    """

    queues: list[str]
    partner: str
    databases: dict[str, dict[str, Any]]
    faults: str = ""
    stripe_url: str = ""
    chunk: int = 20
    rounds: int = 1
    late: float = 0
    ahead: float = 0
    dies_at: str = ""
    notes: str = ""
    charges_a_second: int = 1_000


def main() -> None:
    django.setup()
    running: set[int] = set()
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            if "work" in asked:
                running.add(pid := _fork(Job(**asked["work"])))
                _say(pid)
            else:
                _, status = os.waitpid(asked["wait"], 0)
                running.discard(asked["wait"])
                _say(os.waitstatus_to_exitcode(status))
    finally:
        for pid in running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _fork(job: Job) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _work(job)
        code = 0
    finally:
        os._exit(code)


def _work(job: Job) -> None:
    import time_machine
    from django.conf import settings
    from django.db import connections

    from partnerpanel.kernel.clock import system_now
    from partnerpanel.queues.tasks import drain_partner
    from tests.faults.steps import Steps

    for alias, address in job.databases.items():
        connections[alias].settings_dict.update(address)
    settings.SANDBOX_FAULTS = job.faults
    settings.STRIPE_URL, settings.STRIPE_CHARGES_A_SECOND = job.stripe_url, job.charges_a_second
    in_chunks(job.chunk)
    steps = Steps(dies_at=job.dies_at)
    with steps.watched(), time_machine.travel(system_now() + timedelta(seconds=job.late), tick=True) as clock:
        for _ in range(job.rounds):
            for queue in job.queues:
                steps.queue = queue
                drain_partner(queue, UUID(job.partner), seconds=60)
            clock.shift(job.ahead)
    if job.notes:
        Path(job.notes).write_text(json.dumps(steps.taken))


def in_chunks(size: int) -> None:
    """So that there is a middle to be killed in."""
    from billing.charging import worker as charging
    from billing.collection import worker as collection
    from partnerpanel.actions.bulk import runner
    from partnerpanel.events import outbox
    from subscriptions.provisioning import worker as provisioning

    runner.CHUNK = collection.CHUNK = provisioning.BATCH = size
    # Their statements are built once, with the limit that they had when the module was loaded.
    for batch in (charging._DUE, outbox._DUE):
        batch._limit = size


if __name__ == "__main__":
    main()
