"""Addresses that gateways call."""

from django.urls import path

from billing import webhooks

urlpatterns = [path("<slug:gateway>/<str:partner>/", webhooks.gateway_news, name="gateway-news")]
