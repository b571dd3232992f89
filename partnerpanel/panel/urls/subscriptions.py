"""What is done to one subscription."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import (
    access,
    addons,
    billing_dates,
    cancel,
    change_plan,
    change_quantity,
    coupons,
    credentials,
    end_trial,
    extend,
    limits,
    pause,
    payments,
    restart,
    rollback,
    subscription_popup,
    waive,
)

urlpatterns = [
    path(AT + "subscriptions/<str:subscription>/suspend/", access.SuspendPopup.as_view(), name="subscription-suspend"),
    path(
        AT + "subscriptions/<str:subscription>/reactivate/",
        access.ReactivatePopup.as_view(),
        name="subscription-reactivate",
    ),
    path(
        AT + "subscriptions/<str:subscription>/credentials/",
        credentials.ViewCredentialsPopup.as_view(),
        name="credentials",
    ),
    path(
        AT + "subscriptions/<str:subscription>/credentials/reset/",
        credentials.ResetPasswordPopup.as_view(),
        name="credentials-reset",
    ),
    path(
        AT + "subscriptions/<str:subscription>/credentials/send/",
        credentials.EmailCredentialsPopup.as_view(),
        name="credentials-send",
    ),
    path(
        AT + "subscriptions/<str:subscription>/payment/",
        payments.RecordPaymentPopup.as_view(),
        name="subscription-payment",
    ),
    path(AT + "subscriptions/<str:subscription>/charge/", payments.ChargePopup.as_view(), name="subscription-charge"),
    *subscription_popup.routes(AT, change_plan.ChangePlanPopup),
    *subscription_popup.routes(AT, change_plan.DropChangePopup),
    *subscription_popup.routes(AT, change_quantity.ChangeQuantityPopup),
    *subscription_popup.routes(AT, end_trial.EndTrialPopup),
    *subscription_popup.routes(AT, addons.AddAddonPopup),
    *subscription_popup.routes(AT, addons.RemoveAddonPopup),
    *subscription_popup.routes(AT, addons.KeepAddonPopup),
    *subscription_popup.routes(AT, coupons.ApplyCouponPopup),
    *subscription_popup.routes(AT, coupons.RemoveCouponPopup),
    *subscription_popup.routes(AT, limits.SetLimitPopup),
    *subscription_popup.routes(AT, rollback.RollbackPopup),
    *subscription_popup.routes(AT, extend.ExtendPopup),
    *subscription_popup.routes(AT, cancel.CancelPopup),
    *subscription_popup.routes(AT, cancel.KeepPopup),
    *subscription_popup.routes(AT, pause.PausePopup),
    *subscription_popup.routes(AT, pause.ResumePopup),
    *subscription_popup.routes(AT, billing_dates.SkipRenewalPopup),
    *subscription_popup.routes(AT, billing_dates.MoveBillingDatePopup),
    *subscription_popup.routes(AT, waive.WaivePopup),
    *subscription_popup.routes(AT, restart.RestartPopup),
]
