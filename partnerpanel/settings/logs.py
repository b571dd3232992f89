"""What is written about a run: one JSON object a line in production, lines for people elsewhere.

A traceback never shows the values of variables: those may be somebody's personal data. Whoever writes a line, a library
too, it is looked through for secrets right before it is written.
"""

from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer

from partnerpanel.operations.rules.redaction import redacted, redacted_text

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def for_machines() -> dict[str, Any]:
    """The LOGGING setting of production."""
    return _logging(
        [
            ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.EventRenamer("message"),
            redact_fields,
        ],
        structlog.processors.JSONRenderer(),
    )


def for_people() -> dict[str, Any]:
    """The LOGGING setting of the demo."""
    console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    return _logging([console], redact_line)


def redact_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """A processor: the same fields without secrets, in plain types, so that nothing is turned into text after it."""
    found: dict[str, Any] = redacted(event)
    return found


def redact_line(_logger: Any, _method: str, line: str) -> str:
    """The same for a finished line."""
    return redacted_text(line)


def _logging(finish: list[Any], renderer: Any) -> dict[str, Any]:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.UnicodeDecoder(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish, renderer],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Django and gunicorn write requests of their own accord; ours have their ids.
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            "celery.app.trace": {"level": "WARNING"},
            # It would say every few seconds that it ticks; its heartbeat says so.
            "celery.beat": {"level": "WARNING"},
        },
    }
