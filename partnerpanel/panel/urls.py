"""Addresses of the panel; everything of a partner lies below `/panel/<slug>/`."""

from django.urls import path

from partnerpanel.panel.component_page import components
from partnerpanel.panel.views import (
    access,
    bulk,
    charging,
    credential_link,
    credential_settings,
    credentials,
    customer,
    customers,
    entry,
    home,
    invoices,
    jobs,
    palette,
    payments,
)

AT = "panel/<slug:slug>/"

urlpatterns = [
    path("", entry.entry, name="entry"),
    path("panel/components/", components, name="components"),
    path("credentials/<str:partner>/", credential_link.CredentialLink.as_view(), name="credential-link"),
    path(AT, home.Home.as_view(), name="home"),
    path(AT + "palette/", palette.Palette.as_view(), name="palette"),
    path(AT + "accounts/<str:account>/retry/", home.RetryAccount.as_view(), name="retry-account"),
    path(AT + "customers/", customers.Customers.as_view(), name="customers"),
    path(AT + "customers/export.csv", customers.ExportCustomers.as_view(), name="customers-export"),
    path(AT + "customers/<str:customer>/", customer.Customer.as_view(), name="customer"),
    path(AT + "customers/<str:customer>/timeline/", customer.Timeline.as_view(), name="customer-timeline"),
    path(AT + "customers/<str:customer>/notes/", customer.AddNote.as_view(), name="customer-notes"),
    path(AT + "customers/<str:customer>/tags/", customer.SetTags.as_view(), name="customer-tags"),
    path(AT + "customers/<str:customer>/suspend/", access.SuspendPopup.as_view(), name="customer-suspend"),
    path(AT + "customers/<str:customer>/reactivate/", access.ReactivatePopup.as_view(), name="customer-reactivate"),
    path(AT + "subscriptions/<str:subscription>/suspend/", access.SuspendPopup.as_view(), name="subscription-suspend"),
    path(
        AT + "subscriptions/<str:subscription>/reactivate/",
        access.ReactivatePopup.as_view(),
        name="subscription-reactivate",
    ),
    path(AT + "customers/<str:customer>/card/", payments.ReplaceCardPopup.as_view(), name="customer-card"),
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
    path(
        AT + "subscriptions/<str:subscription>/payment/",
        payments.RecordPaymentPopup.as_view(),
        name="subscription-payment",
    ),
    path(AT + "subscriptions/<str:subscription>/charge/", payments.ChargePopup.as_view(), name="subscription-charge"),
    path(AT + "invoices/", invoices.Invoices.as_view(), name="invoices"),
    path(AT + "invoices/<str:invoice>/", invoices.Invoice.as_view(), name="invoice"),
    path(AT + "charging/stop/", charging.StopChargingPopup.as_view(), name="charging-stop"),
    path(AT + "charging/resume/", charging.ResumeChargingPopup.as_view(), name="charging-resume"),
    path(AT + "actions/<str:action>/undo/", access.UndoPopup.as_view(), name="undo"),
    path(AT + "bulk/suspend/", bulk.BulkSuspend.as_view(), name="bulk-suspend"),
    path(AT + "bulk/reactivate/", bulk.BulkReactivate.as_view(), name="bulk-reactivate"),
    path(AT + "jobs/", jobs.Jobs.as_view(), name="jobs"),
    path(AT + "jobs/<str:job>/", jobs.Job.as_view(), name="job"),
    path(AT + "jobs/<str:job>/confirm/", jobs.ConfirmJob.as_view(), name="job-confirm"),
    path(AT + "jobs/<str:job>/pause/", jobs.PauseJob.as_view(), name="job-pause"),
    path(AT + "jobs/<str:job>/resume/", jobs.ResumeJob.as_view(), name="job-resume"),
    path(AT + "jobs/<str:job>/cancel/", jobs.CancelJob.as_view(), name="job-cancel"),
    path(AT + "jobs/<str:job>/undo/", jobs.UndoJob.as_view(), name="job-undo"),
    path(AT + "jobs/<str:job>/results.csv", jobs.JobResults.as_view(), name="job-results"),
]
