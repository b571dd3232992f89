"""Brands in the operator's site."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from partnerpanel.brand.models import BrandLogo, BrandProfile
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(BrandProfile)
class BrandProfileAdmin(ReadOnlyRows):
    list_display = ("id", "printed_name", "sender_name", "accent", "number_prefix", "version")
    by_id = ("id",)


@admin.register(BrandLogo)
class BrandLogoAdmin(ReadOnlyRows):
    list_display = ("id", "width", "height", "created_at")
    by_id = ("id",)
    hidden = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BrandLogo]:
        return super().get_queryset(request).defer("content")
