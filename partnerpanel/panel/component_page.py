"""Every component in every state on one page, for those who build and review pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from partnerpanel.panel import samples


@login_required
def components(request: HttpRequest) -> HttpResponse:
    """Shown to operators; to everybody else the page does not exist."""
    if not getattr(request.user, "is_staff", False):
        raise Http404
    return render(request, "panel/components.html", samples.component_page())
