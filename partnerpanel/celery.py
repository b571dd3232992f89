"""The Celery application and the whole beat schedule, in one place.

Beat only wakes workers: what is due says so itself in its row, so a lost or doubled tick changes nothing.
"""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerpanel.settings.demo")

app = Celery("partnerpanel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "partnerpanel.queues",
        "partnerpanel.invariants",
        "partnerpanel.alerts",
        "partnerpanel.hosts",
        "billing.reconciliation",
    ]
)
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Where nobody answers this, Celery sets up loggers of its own, whose lines nobody looks through for secrets."""
    if settings.LOGGING:
        dictConfig(settings.LOGGING)


# name -> seconds between two looks for partners with something due
SWEEP_SECONDS = {
    "outbox": 5,
    "provisioning": 10,
    "mail": 5,
    "sign_ins": 5,
    "series": 60,
    "campaigns": 5,
    "bulk": 5,
    "subscriptions": 10,
    "charges": 5,
    "refunds": 10,
    "retention": 60,
    "news": 5,
    "checkouts": 10,
    "webhooks": 5,
    "clocks": 5,
    "alerts": 30,
    "own_series": 60,
    "removed_cards": 60,
}

# What must always be true, looked for: from indexes every few minutes, through whole tables at night; and before
# that the books compared with the gateways.
_LOOK = "partnerpanel.invariants.tasks.look_at_everybody"
LOOKS = {
    "look-often": {"task": _LOOK, "schedule": 600, "kwargs": {"pace": "often"}, "options": {"expires": 600}},
    "look-nightly": {
        "task": _LOOK,
        "schedule": crontab(hour="2", minute="20"),
        "kwargs": {"pace": "nightly"},
        "options": {"expires": 3600},
    },
    "reconcile": {
        "task": "billing.reconciliation.tasks.reconcile_everybody",
        "schedule": crontab(hour="1", minute="40"),
        "options": {"expires": 3600},
    },
    "alert-rounds": {
        "task": "partnerpanel.alerts.tasks.begin_everybodys",
        "schedule": crontab(hour="2", minute="50"),
        "options": {"expires": 3600},
    },
    "hosts": {
        "task": "partnerpanel.hosts.tasks.look_at_hosts",
        "schedule": crontab(hour="4", minute="30"),
        "options": {"expires": 3600},
    },
    "senders": {
        "task": "partnerpanel.hosts.tasks.look_at_senders",
        "schedule": crontab(hour="4", minute="45"),
        "options": {"expires": 3600},
    },
    "purge": {
        "task": "partnerpanel.queues.tasks.purge_everybody",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 3600},
    },
}

app.conf.beat_schedule = LOOKS | {
    f"sweep-{queue}": {
        "task": "partnerpanel.queues.tasks.sweep",
        "schedule": seconds,
        "kwargs": {"queue": queue},
        "options": {"expires": seconds * 2},
    }
    for queue, seconds in SWEEP_SECONDS.items()
}
