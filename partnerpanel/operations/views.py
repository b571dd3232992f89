"""Four addresses for machines: alive, ready, healthy, measured. The last two want the operator's token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerpanel.kernel.clock import system_now
from partnerpanel.operations import exposition, health
from partnerpanel.operations.readiness import readiness

View = Callable[[HttpRequest], HttpResponseBase]


def with_token(view: View) -> View:
    """Wants `Authorization: Bearer …` with HEALTH_TOKEN. Where none is set there is no such page."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        if not settings.HEALTH_TOKEN:
            raise Http404
        if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.HEALTH_TOKEN}"):
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
        return view(request)

    return checked


@require_safe
@never_cache
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else: restarting this process brings no database back."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when requests can be served, if need be without a broker; else 503."""
    found = readiness()
    parts = {name: getattr(found, name) for name in ("database", "migrations", "roles", "broker")}
    return JsonResponse({"status": found.status, "checks": parts}, status=200 if found.ready else 503)


@require_safe
@never_cache
@with_token
def deep_health(_request: HttpRequest) -> HttpResponse:
    """200 with `ok` or `degraded` and the figures; 503 without a database."""
    try:
        return JsonResponse(health.as_document(health.look(now=system_now())))
    except Error:
        return JsonResponse({"status": "down"}, status=503)


@require_safe
@never_cache
@with_token
def metrics(_request: HttpRequest) -> HttpResponse:
    """In Prometheus' text format; without a database, what the processes counted themselves."""
    return HttpResponse(exposition.text(now=system_now()), content_type=exposition.CONTENT_TYPE)
