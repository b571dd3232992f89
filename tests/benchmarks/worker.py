"""`python -m tests.benchmarks.worker`: a process that drains one queue of one partner, to be killed at its work.

Its input is one line of JSON: where the database is, the queue, the partner.
"""

from __future__ import annotations

import json
import os
import sys
from uuid import UUID

import django
from django.db import connection


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    os.environ["DJANGO_SETTINGS_MODULE"] = "partnerpanel.settings.test"
    django.setup()
    connection.settings_dict.update(asked["database"])
    from partnerpanel.kernel.clock import system_now
    from partnerpanel.queues.registry import queue_named

    while queue_named(asked["queue"]).drain(UUID(asked["partner"]), system_now()):
        pass


if __name__ == "__main__":
    main()
