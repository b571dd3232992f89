"""What Prometheus reads: the counts of all processes, and how things stand in the database at this moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

from django.db import Error
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from partnerpanel.operations import health
from partnerpanel.operations.heartbeats import BEAT, SWEEP

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def text(*, now: datetime) -> bytes:
    """Everything there is to read."""
    standing = CollectorRegistry(auto_describe=False)
    standing.register(Standing(now))
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return generate_latest(REGISTRY) + generate_latest(standing)
    counted = CollectorRegistry()
    MultiProcessCollector(counted, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(counted) + generate_latest(standing)


class Standing(Collector):
    """Read from the database when it is asked; without one it says that, and nothing else."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        try:
            found = health.look(now=self._now)
        except Error:
            yield _gauge("database_up", "Whether the database answers", 0)
            return
        yield _gauge("database_up", "Whether the database answers", 1)
        yield _gauge("broker_up", "Whether the broker answers", found.broker == "ok")
        yield _gauge("beat_silent", "Whether beat is silent for too long", found.is_beat_silent)
        yield _gauge(
            "charging_stopped", "Whether all charging of the installation is stopped", found.stopped_everywhere
        )
        yield _gauge("charging_stopped_partners", "Partners that have stopped charging", found.stopped_partners)
        if (age := found.age(found.seen.get(BEAT))) is not None:
            yield _gauge("beat_age_seconds", "Since beat's last tick", age)
        yield from _of_queues(found)


def _of_queues(found: health.Health) -> Iterator[Metric]:
    due = _family("queue_due", "Rows that may be taken now")
    oldest = _family("queue_oldest_due_seconds", "How long the oldest of them has been due")
    parked = _family("queue_parked", "Rows that wait for a person")
    expired = _family("queue_expired_leases", "Rows that were taken and never brought back")
    swept = _family("queue_sweep_age_seconds", "Since the queue was last swept")
    for name, queue in found.queues.items():
        due.add_metric([name], queue.due)
        oldest.add_metric([name], found.age(queue.oldest_at) or 0)
        parked.add_metric([name], queue.parked)
        expired.add_metric([name], queue.expired)
        if (age := found.age(found.seen.get(SWEEP + name))) is not None:
            swept.add_metric([name], age)
    yield from (due, oldest, parked, expired, swept)


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"partnerpanel_{name}", help_text, value=float(value))


def _family(name: str, help_text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"partnerpanel_{name}", help_text, labels=["queue"])
