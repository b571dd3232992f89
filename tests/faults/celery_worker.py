"""A Celery worker of its own process, on the databases of the test and the broker that CELERY_BROKER_URL names."""

from __future__ import annotations

import json
import os
import sys

import django

from tests.faults.worker import in_chunks


def main(*pool: str) -> None:
    django.setup()
    from django.conf import settings as installed
    from django.db import connections

    from partnerpanel.celery import app

    for alias, settings in json.loads(os.environ["TEST_DATABASES"]).items():
        connections[alias].settings_dict.update(settings)
    # Where the double of the test is; elsewhere tests reach no Stripe.
    installed.STRIPE_URL = os.environ["STRIPE_URL"]
    # Short turns, so that much hangs on wake-ups that can be lost.
    in_chunks(10)
    app.conf.worker_redirect_stdouts = False
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    app.worker_main(["worker", "--queues", "money,default", *pool, *quiet])


if __name__ == "__main__":
    main(*sys.argv[1:])
