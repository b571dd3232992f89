"""Every address of the web application."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from notifications.marketing.provider import mail_events

urlpatterns = [
    path("", include("partnerpanel.operations.urls")),
    path("api/v1/", include("partnerpanel.api.urls")),
    path("", include("partnerpanel.panel.urls")),
    path("", include("partnerpanel.portal.urls")),
    path("webhooks/mail/", mail_events),
    path("webhooks/", include("billing.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("operator/", admin.site.urls),
]

if settings.INBOX_DIRECTORY is not None:
    urlpatterns.append(path("inbox/", include("partnerpanel.embedded.urls")))
