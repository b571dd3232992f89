"""Asking, and one's own data."""

from django.urls import path

from partnerpanel.portal.urls.at import AT
from partnerpanel.portal.views import support

urlpatterns = [
    path(AT + "support/", support.Support.as_view(), name="portal-support"),
    path(AT + "support/<str:ticket>/", support.Ticket.as_view(), name="portal-ticket"),
    path(AT + "support/<str:ticket>/close/", support.CloseTicket.as_view(), name="portal-ticket-close"),
    path(AT + "account/data/<slug:form>/", support.OwnData.as_view(), name="portal-data"),
]
