"""Addresses of the panel; everything of a partner lies below `/panel/<slug>/`."""

from django.urls import path

urlpatterns: list[object] = []
