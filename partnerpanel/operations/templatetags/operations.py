"""For the operator's site."""

from __future__ import annotations

from typing import Any

from django import template

from partnerpanel.kernel.clock import system_now
from partnerpanel.operations.heartbeats import silent_since

register = template.Library()


@register.inclusion_tag("admin/beat_silent.html")
def beat_silent() -> dict[str, Any]:
    """A banner while beat is silent, else nothing."""
    return {"silent_since": silent_since(now=system_now())}
