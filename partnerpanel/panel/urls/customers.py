"""A partner’s customers: lists, pages and what is done to a whole customer."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import (
    access,
    balance,
    ban,
    cards,
    credentials,
    credit,
    customer,
    customers,
    erasure,
    marketing,
    message,
    new_subscription,
    payments,
    payout,
    portal_logins,
    tax_popups,
    verification,
)

urlpatterns = [
    path(AT + "customers/", customers.Customers.as_view(), name="customers"),
    path(AT + "customers/export.csv", customers.ExportCustomers.as_view(), name="customers-export"),
    path(AT + "customers/<str:customer>/", customer.Customer.as_view(), name="customer"),
    path(AT + "customers/<str:customer>/timeline/", customer.Timeline.as_view(), name="customer-timeline"),
    path(AT + "customers/<str:customer>/notes/", customer.AddNote.as_view(), name="customer-notes"),
    path(AT + "customers/<str:customer>/tags/", customer.SetTags.as_view(), name="customer-tags"),
    path(AT + "customers/<str:customer>/suspend/", access.SuspendPopup.as_view(), name="customer-suspend"),
    path(AT + "customers/<str:customer>/reactivate/", access.ReactivatePopup.as_view(), name="customer-reactivate"),
    path(
        AT + "customers/<str:customer>/require-verification/",
        verification.RequireVerificationPopup.as_view(),
        name="customer-require-verification",
    ),
    path(AT + "customers/<str:customer>/verified/", verification.VerifiedPopup.as_view(), name="customer-verified"),
    path(AT + "customers/<str:customer>/mails/", marketing.MailChoicePopup.as_view(), name="customer-mails"),
    path(AT + "customers/<str:customer>/message/", message.MessagePopup.as_view(), name="customer-message"),
    path(AT + "customers/<str:customer>/ban/", ban.BanPopup.as_view(), name="customer-ban"),
    path(AT + "customers/<str:customer>/lift-ban/", ban.LiftBanPopup.as_view(), name="customer-lift-ban"),
    path(AT + "customers/<str:customer>/erase/", erasure.ErasePopup.as_view(), name="customer-erase"),
    path(AT + "customers/<str:customer>/personal-data/", erasure.HandOut.as_view(), name="customer-personal-data"),
    path(AT + "customers/<str:customer>/card/", payments.ReplaceCardPopup.as_view(), name="customer-card"),
    path(AT + "customers/<str:customer>/card/another/", cards.AddCardPopup.as_view(), name="customer-card-add"),
    path(AT + "subscriptions/<str:subscription>/card/", cards.CardOfPopup.as_view(), name="subscription-card"),
    path(AT + "payment-methods/<str:method>/use/", cards.UseCardPopup.as_view(), name="card-use"),
    path(AT + "payment-methods/<str:method>/remove/", cards.RemoveCardPopup.as_view(), name="card-remove"),
    path(AT + "customers/<str:customer>/logins/new/", portal_logins.InviteLoginPopup.as_view(), name="customer-invite"),
    path(AT + "portal-logins/<str:login>/invite/", portal_logins.InviteAgainPopup.as_view(), name="portal-login-again"),
    path(
        AT + "portal-logins/<str:login>/remove/", portal_logins.RemoveLoginPopup.as_view(), name="portal-login-removal"
    ),
    path(AT + "customers/<str:customer>/balance/", balance.CustomerBalance.as_view(), name="customer-balance"),
    path(AT + "customers/<str:customer>/credit/", credit.AddCreditPopup.as_view(), name="customer-credit"),
    path(AT + "customers/<str:customer>/payout/", payout.PayoutPopup.as_view(), name="customer-payout"),
    path(AT + "customers/<str:customer>/credentials/", credentials.ChooseToView.as_view(), name="choose-credentials"),
    path(
        AT + "customers/<str:customer>/credentials/reset/",
        credentials.ChooseToReset.as_view(),
        name="choose-credentials-reset",
    ),
    path(
        AT + "customers/<str:customer>/credentials/send/",
        credentials.ChooseToEmail.as_view(),
        name="choose-credentials-send",
    ),
    path(AT + "customers/<str:customer>/tax/", tax_popups.CustomerTaxesPopup.as_view(), name="customer-tax"),
    path(
        AT + "customers/<str:customer>/new-subscription/",
        new_subscription.NewSubscriptionPopup.as_view(),
        name="customer-new-subscription",
    ),
]
