"""Addresses of the panel, by what they are about."""

from partnerpanel.panel.urls import (
    campaigns,
    catalogue,
    customers,
    documents,
    entry,
    jobs,
    reports,
    retries,
    settings,
    subscriptions,
    test_mode,
    tickets,
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
    *tickets.urlpatterns,
    *campaigns.urlpatterns,
    *reports.urlpatterns,
]
