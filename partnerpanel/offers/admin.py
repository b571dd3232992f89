"""Exit surveys and offers in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from partnerpanel.offers.models import ExitAnswer, ExitSurvey, OfferMade, OfferRule
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(ExitSurvey)
class ExitSurveyAdmin(ReadOnlyRows):
    list_display = ("id", "version")


@admin.register(ExitAnswer)
class ExitAnswerAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "reason", "by_customer", "asked_at", "left_at")
    list_select_related = ("customer",)
    by_id = ("id", "customer", "subscription")


@admin.register(OfferRule)
class OfferRuleAdmin(ReadOnlyRows):
    list_display = ("name", "moment", "position", "kind", "is_on")
    by_value = ("name",)


@admin.register(OfferMade)
class OfferMadeAdmin(ReadOnlyRows):
    list_display = ("id", "rule", "customer", "made_at", "outcome")
    list_select_related = ("rule", "customer")
    by_id = ("id", "customer", "subscription", "rule")
