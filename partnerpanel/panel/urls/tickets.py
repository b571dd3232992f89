"""Tickets."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import tickets

urlpatterns = [
    path(AT + "tickets/", tickets.Tickets.as_view(), name="tickets"),
    path(AT + "tickets/<str:ticket>/", tickets.TicketPage.as_view(), name="ticket"),
    path(AT + "tickets/<str:ticket>/reply/", tickets.ReplyTicket.as_view(), name="ticket-reply"),
    path(AT + "tickets/<str:ticket>/close/", tickets.CloseTicket.as_view(), name="ticket-close"),
    path(AT + "customers/<str:customer>/new-ticket/", tickets.NewTicketPage.as_view(), name="new-ticket"),
]
