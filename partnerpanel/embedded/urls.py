"""Routed under /inbox/ where the settings name an inbox folder, and nowhere else."""

from django.urls import path

from partnerpanel.embedded import views

app_name = "inbox"
urlpatterns = [
    path("", views.mails, name="mails"),
    path("<slug:name>/", views.mail, name="mail"),
    path("<slug:name>/html/", views.mail_html, name="mail_html"),
]
