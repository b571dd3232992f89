"""What every line of a task says of it: which queue, which partner, the system acting, and the request that woke it."""

from __future__ import annotations

from typing import Any

from structlog.contextvars import bind_contextvars

# What a woken task is told of whoever woke it; people's ids and addresses stay where they were.
PASSED_ON = ("request_id", "parent_task_id")


def pass_on(*, context: dict[str, Any], **_: Any) -> None:
    """Receiver of `modify_context_before_task_publish`."""
    for name in [name for name in context if name not in PASSED_ON]:
        del context[name]


def bind_task(*, task: Any, **_: Any) -> None:
    """Receiver of `bind_extra_task_metadata`."""
    found = task.request.kwargs or {}
    named = {name: str(found[name]) for name in ("queue", "partner_id") if name in found}
    bind_contextvars(actor="system", task=task.name, **named)
