"""Requests and tasks, counted from outside; charges, mails and billing steps are counted where they happen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from partnerpanel.kernel.clock import system_now
from partnerpanel.operations.heartbeats import SWEEP, seen

REQUESTS = Counter("partnerpanel_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "partnerpanel_request_seconds",
    "How long requests took",
    ["method"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
TASKS = Counter("partnerpanel_tasks", "Tasks that ended", ["task", "queue", "outcome"])

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class MeterMiddleware:
    """Counts by the pattern of the address, which names nobody, and never by the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else "other"
        route = request.resolver_match.route if request.resolver_match else "none"
        REQUESTS.labels(method, route, str(response.status_code)).inc()
        SECONDS.labels(method).observe(time.perf_counter() - began)
        return response


def count_task(*, task: Any = None, kwargs: dict[str, Any] | None = None, state: str | None = None, **_: Any) -> None:
    """Receiver of Celery's `task_postrun`; a sweep that came through is a heartbeat of its queue."""
    name, queue = task.name.rpartition(".")[2], str((kwargs or {}).get("queue", "none"))
    TASKS.labels(name, queue, (state or "unknown").lower()).inc()
    if name == "sweep" and state == "SUCCESS":
        seen(SWEEP + queue, now=system_now())
