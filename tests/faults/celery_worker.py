"""A Celery worker of its own process, on the databases of the test and the broker that CELERY_BROKER_URL names."""

from __future__ import annotations

import json
import os

import django


def main() -> None:
    django.setup()
    from django.db import connections

    from billing.charging import worker as charging
    from billing.collection import worker as collection
    from partnerpanel.celery import app

    for alias, settings in json.loads(os.environ["TEST_DATABASES"]).items():
        connections[alias].settings_dict.update(settings)
    # Small chunks and short turns, so that much hangs on wake-ups that can be lost.
    collection.CHUNK = charging.BATCH = 10
    app.conf.worker_redirect_stdouts = False
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    app.worker_main(["worker", "--queues", "money,default", "--pool", "solo", *quiet])


if __name__ == "__main__":
    main()
