"""Whatever a program sends, nothing breaks and no answer is outside of what is described.

A few examples of each operation here; `make fuzz` runs many, in all phases.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from partnerpanel.wsgi import application
from tests.api.program import make_program
from tests.api.test_matrix import owner_of
from tests.kept import kept, two_full_worlds

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
MANY = int(os.environ.get("FUZZ", "0"))
# Each edge of each field of each operation: some ten thousand requests.
schema.config.phases.coverage.enabled = bool(MANY)


@contextmanager
def one_connection() -> Iterator[None]:
    """A request leaves the connection open that the test lives in, as it does with Django’s own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def secret(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with kept(django_db_blocker), one_connection():
        world, _other = two_full_worlds()
        yield make_program(owner_of(world)).secret


@schema.parametrize()
@settings(
    max_examples=MANY or 1,
    deadline=None,
    derandomize=not MANY,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_nothing_breaks_and_answers_are_as_described(case: schemathesis.Case[Any], secret: str, db: None) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)
