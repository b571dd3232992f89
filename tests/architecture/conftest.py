"""What the tests over all routes share."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from django.conf import urls
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

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


@pytest.fixture
def missing_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Likewise the page where nothing is found."""
    draw, drawn = urls.handler404, list[bytes]()

    def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
        if not drawn:
            drawn.append(draw(request, exception).content)
        return HttpResponseNotFound(drawn[0])

    monkeypatch.setattr(urls, "handler404", missing)
