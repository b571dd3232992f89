"""Whether this worker was asked to stop: a task then gives back what is left after the batch in its hands.

Celery waits for running tasks, but tells the processes that run them nothing; a byte of memory is shared with those.
"""

from __future__ import annotations

import mmap

from celery.signals import worker_shutting_down

_asked = mmap.mmap(-1, 1)


@worker_shutting_down.connect
def ask_to_stop(**_: object) -> None:
    _asked[0] = 1


def is_stopping() -> bool:
    return _asked[0] == 1
