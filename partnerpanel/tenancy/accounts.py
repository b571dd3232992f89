"""How allauth is bound to this product: people are invited, nobody signs up alone."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Public sign-up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
