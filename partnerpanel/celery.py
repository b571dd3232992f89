"""The Celery application and the whole beat schedule, in one place.

Beat only wakes workers: what is due says so itself in its row, so a lost or doubled tick changes nothing.
"""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerpanel.settings.demo")

app = Celery("partnerpanel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["partnerpanel.queues"])
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Where nobody answers this, Celery sets up loggers of its own, whose lines nobody looks through for secrets."""
    dictConfig(settings.LOGGING)


# name -> seconds between two looks for partners with something due
SWEEP_SECONDS = {
    "outbox": 5,
    "provisioning": 10,
    "mail": 5,
    "bulk": 5,
    "subscriptions": 10,
    "charges": 5,
}

app.conf.beat_schedule = {
    f"sweep-{queue}": {
        "task": "partnerpanel.queues.tasks.sweep",
        "schedule": seconds,
        "kwargs": {"queue": queue},
        "options": {"expires": seconds * 2},
    }
    for queue, seconds in SWEEP_SECONDS.items()
}
