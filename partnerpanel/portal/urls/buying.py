"""Buying a plan: the page of an offer, and what follows once somebody orders."""

from django.urls import path

from partnerpanel.portal.urls.at import AT
from partnerpanel.portal.views import offer, order, order_card

urlpatterns = [
    path(AT + "buy/<str:link>/", offer.Buy.as_view(), name="portal-buy"),
    path(AT + "order/<str:order>/", order.Order.as_view(), name="portal-order"),
    path(AT + "order/<str:order>/code/", order.OrderCode.as_view(), name="portal-order-code"),
    path(AT + "order/<str:order>/link/", order.OrderLink.as_view(), name="portal-order-link"),
    path(AT + "order/<str:order>/mail/", order.OrderMail.as_view(), name="portal-order-mail"),
    path(AT + "order/<str:order>/card/", order_card.OrderCard.as_view(), name="portal-order-card"),
    path(AT + "order/<str:order>/back/", order_card.OrderBack.as_view(), name="portal-order-back"),
    path(AT + "order/<str:order>/withdraw/", order_card.OrderWithdraw.as_view(), name="portal-order-withdraw"),
    path(AT + "order/<str:order>/bank/", order_card.OrderBank.as_view(), name="portal-order-bank"),
]
