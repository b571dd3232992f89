"""Where a signed-in person begins."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partnerpanel.tenancy.queries import partners_of


@require_safe
@login_required
def entry(request: HttpRequest) -> HttpResponse:
    """The home of the person's first partner; an operator without one goes to the operator's pages."""
    partners = partners_of(request.user)  # type: ignore[arg-type]
    if partners:
        return redirect("home", partners[0].slug)
    if getattr(request.user, "is_staff", False):
        return redirect("admin:index")
    return render(request, "panel/no_partner.html", status=200)
