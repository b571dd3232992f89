"""Addresses of the panel, by what they are about."""

from partnerpanel.panel.urls import (
    catalogue,
    customers,
    documents,
    entry,
    jobs,
    retries,
    settings,
    subscriptions,
    test_mode,
    your_subscription,
)

urlpatterns = [
    *entry.urlpatterns,
    *retries.urlpatterns,
    *customers.urlpatterns,
    *subscriptions.urlpatterns,
    *documents.urlpatterns,
    *settings.urlpatterns,
    *catalogue.urlpatterns,
    *your_subscription.urlpatterns,
    *test_mode.urlpatterns,
    *jobs.urlpatterns,
]
