"""The control plane in the operator's site: partners, people and who works for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.models import Membership, Partner, Role, User
from partnerpanel.tenancy.operator.rows import CappedPaginator
from partnerpanel.tenancy.services import check_partner, create_partner, give_role

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
    BaseForm = forms.ModelForm[Any]
else:
    BaseAdmin, BaseForm = admin.ModelAdmin, forms.ModelForm


class ControlPlane(BaseAdmin):
    """Operators may change it; nothing is deleted, since rows of tenants hang on it."""

    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    view_on_site = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class PartnerForm(BaseForm):
    """Explains what the service will refuse."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            known = {name: getattr(self.instance, name) for name in ("slug", "country", "timezone", "currency")}
            try:
                check_partner(**(known | {name: found[name] for name in known if name in found}))
            except DomainError as refusal:
                self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return found


@admin.register(Partner)
class PartnerAdmin(ControlPlane):
    form = PartnerForm
    list_display: tuple[str, ...] = ("name", "slug", "country", "timezone", "currency", "is_test_mode", "created_at")
    search_fields = ("name__istartswith", "slug__startswith")
    ordering = ("name", "id")
    fields = ("slug", "name", "country", "timezone", "currency", "locale", "support_email")

    @admin.display(boolean=True, description=_("test mode"))
    def is_test_mode(self, partner: Partner) -> bool:
        return partner.is_test

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        # The short name is in bookmarks, the currency in prices.
        return ("slug", "currency") if obj else ()

    def save_model(self, request: HttpRequest, obj: Partner, form: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.pk = create_partner(**form.cleaned_data).pk
        obj.refresh_from_db()


class PersonForm(BaseForm):
    """Addresses are compared in small letters, so they are kept so."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a person with this address already."))
        return email


@admin.register(User)
class UserAdmin(ControlPlane):
    """A new person has no password: they set one through “Forgot your password?”."""

    form = PersonForm
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email__startswith",)
    ordering = ("email",)
    fields = ("email", "name", "is_active", "is_staff", "last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        fixed = ("last_login", "date_joined")
        # Nobody makes or unmakes operators but a superuser, and nobody shuts themselves out.
        return fixed if _is_superuser(request) and obj != request.user else (*fixed, "is_staff", "is_active")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


class MembershipForm(BaseForm):
    """A twin takes the people of its partner."""

    def clean_partner(self) -> Partner:
        partner: Partner = self.cleaned_data["partner"]
        if partner.is_test:
            message = _("The people of %(partner)s work in its test mode too.")
            raise forms.ValidationError(message % {"partner": partner.twin_of})
        return partner


@admin.register(Membership)
class MembershipAdmin(ControlPlane):
    form = MembershipForm
    list_display = ("user", "partner", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "partner")
    search_fields = ("user__email__startswith", "partner__slug__startswith")
    raw_id_fields = ("partner", "user")
    ordering = ("-id",)
    fields = ("partner", "user", "role")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.admin_site.has_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        return ("partner", "user") if obj else ()

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.pk = give_role(obj.partner, obj.user, Role(obj.role)).pk


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
