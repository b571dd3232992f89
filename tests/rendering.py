"""Pages render as in earnest; a test that reads `answer.context` asks for it.

Django's test environment has every template copy its context for such tests, at each include: half of what a page
costs.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Template

RENDER = "_render"
# Read before Django's test environment is set up.
in_earnest = getattr(Template, RENDER)


@pytest.fixture(scope="session", autouse=True)
def rendering_in_earnest(django_test_environment: None) -> Any:
    """Gives the way of rendering that it takes the place of."""
    instrumented = getattr(Template, RENDER)
    setattr(Template, RENDER, in_earnest)
    return instrumented


@pytest.fixture
def contexts(rendering_in_earnest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`answer.context` tells what the templates of a page were given."""
    monkeypatch.setattr(Template, RENDER, rendering_in_earnest)
