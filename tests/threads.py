"""Several people or workers at the very same time, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def in_threads(*work: Callable[[], T]) -> list[T]:
    """Starts all at once and returns their results in order; what one raises is raised here."""
    barrier = threading.Barrier(len(work))

    def run(one: Callable[[], T]) -> T:
        try:
            barrier.wait(10)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as threads:
        return [future.result(60) for future in [threads.submit(run, one) for one in work]]
