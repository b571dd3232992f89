"""What people can be told of, and how soon, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerpanel.alerts.rules import AT_ONCE, How, Topic

TOPICS: Mapping[Topic, Any] = {
    Topic.PAYMENTS: _("Failing payments and grace that ends"),
    Topic.DISPUTES: _("Disputes"),
    Topic.SERVICE: _("Service accounts that are not as they should be"),
    Topic.TICKETS: _("Tickets that wait for an answer"),
    Topic.WORK: _("Work that stopped, and figures that do not agree"),
}
HOWS: Mapping[How, Any] = {
    How.AT_ONCE: _("At once, and in the morning"),
    How.DAILY: _("In the morning"),
    How.NOT: _("Not by mail"),
}


def offered(topic: Topic) -> list[tuple[str, Any]]:
    """The choices for a topic."""
    return [(how.value, text) for how, text in HOWS.items() if how is not How.AT_ONCE or topic in AT_ONCE]
