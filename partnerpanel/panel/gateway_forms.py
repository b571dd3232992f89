"""Forms about the gateway."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_SECRET: dict[str, Any] = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class VersionForm(forms.Form):
    """Nothing to fill in: the connection that was shown, by its version."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class KeyForm(VersionForm):
    key = forms.CharField(
        label=_("Secret key"),
        max_length=300,
        widget=forms.PasswordInput(attrs=_SECRET),
        help_text=_("From Stripe: Developers → API keys. It begins with sk_ or rk_."),
        error_messages={"required": _("Paste the secret key that Stripe shows.")},
    )
    field_order = ("key", "version")


class SecretForm(VersionForm):
    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=300,
        widget=forms.PasswordInput(attrs=_SECRET),
        help_text=_("From Stripe: Developers → Webhooks → the endpoint → Signing secret. It begins with whsec_."),
        error_messages={"required": _("Paste the signing secret that Stripe shows.")},
    )
    field_order = ("secret", "version")
