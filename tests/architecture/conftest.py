"""What the tests over all routes share."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from django.http import HttpResponse

from partnerpanel.kernel.errors import DomainError
from partnerpanel.panel.page import PanelView


@pytest.fixture
def refusals_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that says so is the same wherever somebody is refused, and takes most of such a request.

    For tests that look at the status alone: it is drawn once for each kind of refusal, role and way of asking.
    """
    draw, drawn = PanelView.refusal, dict[Hashable, bytes]()

    def refusal(view: PanelView, error: DomainError) -> HttpResponse:
        kind = type(error), view.visit.actor.role, bool(view.request.htmx)  # type: ignore[attr-defined]
        if kind not in drawn:
            drawn[kind] = draw(view, error).content
        return HttpResponse(drawn[kind], status=error.status)

    monkeypatch.setattr(PanelView, "refusal", refusal)
