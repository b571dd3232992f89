"""What a customer is on, and its service."""

from django.urls import path

from partnerpanel.portal.urls.at import AT
from partnerpanel.portal.views import leaving, plan, returning, service

OF = AT + "plan/<str:subscription>/"

urlpatterns = [
    path(AT + "plan/", plan.Plans.as_view(), name="portal-plan"),
    path(OF + "change/", plan.ChangeThePlan.as_view(), name="portal-change-plan"),
    path(OF + "drop-change/", plan.DropTheChange.as_view(), name="portal-drop-change"),
    path(OF + "addons/", plan.BuyAddon.as_view(), name="portal-addons"),
    path(OF + "addons/remove/", plan.DropAddon.as_view(), name="portal-addon-remove"),
    path(OF + "addons/keep/", plan.KeepTheAddon.as_view(), name="portal-addon-keep"),
    path(OF + "cancel/", leaving.CancelIt.as_view(), name="portal-cancel"),
    path(OF + "offer/", leaving.TakeIt.as_view(), name="portal-offer"),
    path(OF + "stay/", leaving.StayIt.as_view(), name="portal-stay"),
    path(OF + "return/", returning.ComeBack.as_view(), name="portal-return"),
    path(OF + "keep/", leaving.KeepIt.as_view(), name="portal-keep"),
    path(AT + "service/", service.Service.as_view(), name="portal-service"),
    path(AT + "service/<str:subscription>/show/", service.ShowPassword.as_view(), name="portal-password"),
    path(AT + "service/<str:subscription>/reset/", service.ResetPassword.as_view(), name="portal-password-reset"),
]
