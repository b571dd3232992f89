"""A worker of its own process: `python -m tests.faults.worker QUEUE PARTNER_ID`, on the databases of the test.

It says `started` when it is about to work, and works batch by batch until nothing is due or somebody kills it.
"""

from __future__ import annotations

import json
import os
import sys
from uuid import UUID

import django


def main(queue: str, partner_id: str) -> None:
    django.setup()
    from django.db import connections

    from billing.charging import worker as charging
    from billing.collection import worker as collection
    from partnerpanel.actions.bulk import runner
    from partnerpanel.queues.tasks import drain_partner

    for alias, settings in json.loads(os.environ["TEST_DATABASES"]).items():
        connections[alias].settings_dict.update(settings)
    # Small chunks, so that there is a middle to be killed in.
    runner.CHUNK = collection.CHUNK = charging.BATCH = 20
    sys.stdout.write("started\n")
    sys.stdout.flush()
    drain_partner(queue, UUID(partner_id), seconds=60)


if __name__ == "__main__":
    main(*sys.argv[1:])
