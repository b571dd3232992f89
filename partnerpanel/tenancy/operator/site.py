"""The operator's site: Django's admin, in which rows of tenants are seen inside one chosen partner alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from partnerpanel.tenancy.operator import chosen
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import tenant

View = Callable[..., Any]


class OperatorSite(AdminSite):
    """For operators of the platform (`is_staff`), who sign in like everybody else."""

    site_header = gettext_lazy("PartnerPanel operator")
    site_title = gettext_lazy("PartnerPanel operator")
    index_title = gettext_lazy("Overview")
    site_url = "/"
    enable_nav_sidebar = True

    def get_urls(self) -> list[URLPattern | URLResolver]:
        mine = [
            path("partner/", self.admin_view(self.partners), name="partners"),
            path("partner/choose/", self.admin_view(require_POST(self.choose)), name="choose_partner"),
        ]
        return [*mine, *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 Django's signature
        return super().admin_view(_in_chosen_partner(view), cacheable)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"chosen_partner": chosen.partner_of(request)}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Everybody signs in at one place; who is no operator has no business here."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))

    def partners(self, request: HttpRequest) -> HttpResponse:
        """Partners to choose from, narrowed by the beginning of name or short name."""
        wanted = request.GET.get("q", "").strip()
        context = {
            **self.each_context(request),
            "title": _("Choose a partner"),
            "wanted": wanted,
            "partners": chosen.partners(wanted),
            "most": chosen.MOST,
        }
        return TemplateResponse(request, "admin/choose_partner.html", context)

    def choose(self, request: HttpRequest) -> HttpResponse:
        partner = chosen.choose(request, request.POST.get("partner", ""))
        if partner is None:
            messages.error(request, _("There is no such partner."))
            return HttpResponseRedirect(reverse("admin:partners"))
        messages.success(request, _("You now look at %(partner)s.") % {"partner": partner.name})
        return HttpResponseRedirect(reverse("admin:index"))


def _in_chosen_partner(view: View) -> View:
    """Runs and renders the views of tenant rows inside the chosen partner's scope; without one it asks for it."""
    model = getattr(getattr(view, "__self__", None), "model", None)
    if not (isinstance(model, type) and issubclass(model, TenantModel)):
        return view

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partner = chosen.partner_of(request)
        if partner is None:
            messages.info(request, _("Choose a partner first."))
            return HttpResponseRedirect(reverse("admin:partners"))
        with tenant(partner.pk):
            response: HttpResponse = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()  # nothing lazy leaves the scope
        return response

    return inside
