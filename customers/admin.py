"""Customers in the operator's site."""

from __future__ import annotations

from django.contrib import admin

from customers.models import Customer, CustomerTag, Note, Passkey, PasskeyChallenge, PortalLogin, PortalSession, Tag
from customers.rules.keys import email_key, search_key
from customers.rules.standing import COLUMNS
from partnerpanel.tenancy.operator.rows import ReadOnlyRows


@admin.register(Customer)
class CustomerAdmin(ReadOnlyRows):
    list_display = ("name", "email", "country", "registered_at", "is_active", "is_suspended", "is_expired")
    list_filter = COLUMNS
    ordering = ("name_key", "id")
    by_beginning = {"name_key": search_key, "email_key": email_key}
    by_value = ("external_id",)
    hidden = ("name_key", "email_key")


@admin.register(Note)
class NoteAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "created_at")
    list_select_related = ("customer",)
    by_id = ("id", "customer")


@admin.register(Tag)
class TagAdmin(ReadOnlyRows):
    list_display = ("name",)
    ordering = ("name",)
    by_value = ("name",)


@admin.register(CustomerTag)
class CustomerTagAdmin(ReadOnlyRows):
    list_display = ("id", "customer", "tag")
    list_select_related = ("customer", "tag")
    by_id = ("id", "customer", "tag")


@admin.register(PortalLogin)
class PortalLoginAdmin(ReadOnlyRows):
    list_display = ("email", "role", "customer", "invited_at", "accepted_at", "removed_at")
    list_filter = ("role",)
    list_select_related = ("customer",)
    by_beginning = {"email_key": email_key}
    by_id = ("id", "customer")
    hidden = ("email_key",)


@admin.register(PortalSession)
class PortalSessionAdmin(ReadOnlyRows):
    list_display = ("id", "login", "agent", "began_at", "seen_at", "expires_at", "ended_at")
    list_select_related = ("login",)
    by_id = ("id", "login")
    hidden = ("token_hash",)


@admin.register(Passkey)
class PasskeyAdmin(ReadOnlyRows):
    list_display = ("id", "login", "host", "agent", "made_at", "used_at")
    list_select_related = ("login",)
    by_id = ("id", "login")
    hidden = ("credential_id", "credential")


@admin.register(PasskeyChallenge)
class PasskeyChallengeAdmin(ReadOnlyRows):
    list_display = ("id", "login", "expires_at", "used_at")
    list_select_related = ("login",)
    by_id = ("id", "login")
    hidden = ("challenge_hash",)
