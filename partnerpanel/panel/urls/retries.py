"""Work that waits for a person, tried again."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import retry

urlpatterns = [
    path(AT + "accounts/<str:account>/retry/", retry.RetryAccount.as_view(), name="retry-provisioning"),
    path(AT + "charges/<str:attempt>/retry/", retry.RetryCharge.as_view(), name="retry-charges"),
    path(AT + "refunds/<str:refund>/retry/", retry.RetryRefund.as_view(), name="retry-refunds"),
    path(AT + "gateway-news/<str:news>/retry/", retry.RetryNews.as_view(), name="retry-news"),
    path(AT + "subscriptions/<str:subscription>/retry/", retry.RetrySubscription.as_view(), name="retry-subscriptions"),
    path(AT + "messages/<str:message>/retry/", retry.RetryMessage.as_view(), name="retry-mail"),
    path(AT + "deliveries/<str:delivery>/retry/", retry.RetryDelivery.as_view(), name="retry-outbox"),
    path(AT + "retentions/<str:retention>/retry/", retry.RetryErasure.as_view(), name="retry-retention"),
    path(AT + "jobs/<str:job>/retry/", retry.RetryJob.as_view(), name="retry-bulk"),
]
