"""How the partner sells: rules, credentials, payments, tax, coupons."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import (
    coupon_catalogue,
    coupon_edit,
    credential_settings,
    gateway_settings,
    policy,
    tax_popups,
    taxes,
)

urlpatterns = [
    path(AT + "settings/policy/", policy.PolicyPage.as_view(), name="settings-policy"),
    path(AT + "plans/<str:plan>/policy/", policy.PlanPolicyPage.as_view(), name="plan-policy"),
    path(AT + "customers/<str:customer>/policy/", policy.CustomerPolicyPage.as_view(), name="customer-policy"),
    path(
        AT + "subscriptions/<str:subscription>/policy/",
        policy.SubscriptionPolicyPage.as_view(),
        name="subscription-policy",
    ),
    path(AT + "settings/credentials/", credential_settings.CredentialSettings.as_view(), name="settings-credentials"),
    path(
        AT + "settings/credentials/plain/allow/",
        credential_settings.AllowPlainMailPopup.as_view(),
        name="settings-plain-allow",
    ),
    path(
        AT + "settings/credentials/plain/forbid/",
        credential_settings.ForbidPlainMailPopup.as_view(),
        name="settings-plain-forbid",
    ),
    path(
        AT + "settings/credentials/<str:product>/address/",
        credential_settings.ServiceAddressPopup.as_view(),
        name="settings-address",
    ),
    path(AT + "settings/payments/", gateway_settings.PaymentSettings.as_view(), name="settings-payments"),
    path(AT + "settings/payments/connect/", gateway_settings.ConnectPopup.as_view(), name="gateway-connect"),
    path(AT + "settings/payments/try/", gateway_settings.TryConnection.as_view(), name="gateway-try"),
    path(AT + "settings/payments/endpoint/", gateway_settings.EndpointPopup.as_view(), name="gateway-endpoint"),
    path(AT + "settings/payments/secret/", gateway_settings.SecretPopup.as_view(), name="gateway-secret"),
    path(AT + "settings/payments/disconnect/", gateway_settings.DisconnectPopup.as_view(), name="gateway-disconnect"),
    path(AT + "settings/tax/", taxes.TaxSettings.as_view(), name="settings-tax"),
    path(AT + "settings/tax/registration/", tax_popups.OwnTaxesPopup.as_view(), name="tax-own"),
    path(AT + "settings/tax/rates/new/", tax_popups.NewRatePopup.as_view(), name="tax-rate-new"),
    path(AT + "settings/tax/rates/<str:rate>/version/", tax_popups.NewVersionPopup.as_view(), name="tax-rate-version"),
    path(AT + "settings/tax/rates/<str:rate>/archive/", tax_popups.ArchiveRatePopup.as_view(), name="tax-rate-archive"),
    path(AT + "settings/tax/rates/<str:rate>/restore/", tax_popups.RestoreRatePopup.as_view(), name="tax-rate-restore"),
    path(AT + "settings/coupons/", coupon_catalogue.Coupons.as_view(), name="settings-coupons"),
    path(AT + "settings/coupons/new/", coupon_catalogue.NewCouponPopup.as_view(), name="coupon-new"),
    path(AT + "settings/coupons/<str:coupon>/", coupon_catalogue.Coupon.as_view(), name="coupon"),
    path(AT + "settings/coupons/<str:coupon>/edit/", coupon_edit.EditCouponPopup.as_view(), name="coupon-edit"),
    path(
        AT + "settings/coupons/<str:coupon>/archive/",
        coupon_catalogue.ArchiveCouponPopup.as_view(),
        name="coupon-archive",
    ),
    path(
        AT + "settings/coupons/<str:coupon>/restore/",
        coupon_catalogue.RestoreCouponPopup.as_view(),
        name="coupon-restore",
    ),
]
