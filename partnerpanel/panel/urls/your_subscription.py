"""The partner’s own subscription at the platform."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import your_popups, your_subscription

urlpatterns = [
    path(AT + "your-subscription/", your_subscription.YourSubscription.as_view(), name="your-subscription"),
    path(AT + "your-subscription/plan/", your_popups.YourPlanPopup.as_view(), name="your-plan"),
    path(AT + "your-subscription/drop-change/", your_popups.YourDropChangePopup.as_view(), name="your-drop-change"),
    path(AT + "your-subscription/cancel/", your_popups.YourCancelPopup.as_view(), name="your-cancel"),
    path(AT + "your-subscription/keep/", your_popups.YourKeepPopup.as_view(), name="your-keep"),
    path(AT + "your-subscription/pay/", your_popups.YourChargePopup.as_view(), name="your-pay"),
    path(AT + "your-subscription/card/", your_popups.YourCardPopup.as_view(), name="your-card"),
    path(AT + "your-subscription/invoices/<str:bill>/", your_subscription.YourInvoice.as_view(), name="your-invoice"),
    path(
        AT + "your-subscription/invoices/<str:bill>/mail/",
        your_subscription.MailInvoice.as_view(),
        name="your-invoice-mail",
    ),
    path(
        AT + "your-subscription/invoices/<str:bill>/invoice.pdf",
        your_subscription.YourInvoicePdf.as_view(),
        name="your-invoice-pdf",
    ),
]
