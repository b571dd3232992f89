"""Addresses below `/api/v1/`."""

from django.urls import path, re_path

from partnerpanel.api.document import docs, openapi
from partnerpanel.api.routes import patterns
from partnerpanel.api.unknown import Unknown

urlpatterns = [
    path("openapi.json", openapi, name="api-openapi"),
    path("docs", docs, name="api-docs"),
    *patterns(),
    re_path(r"^.*$", Unknown.as_view(), name="api-unknown"),
]
