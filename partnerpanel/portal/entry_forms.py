"""Forms of the sign-in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

REMEMBER = _("Stay signed in on this device for 60 days")


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Write the address that you are known by."),
            "invalid": _("Write an address such as anna@example.com."),
        },
    )
    remember = forms.BooleanField(label=REMEMBER, required=False)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Write the eight digits of the mail.")},
    )


class LinkForm(forms.Form):
    """What stands behind the “#” of the link; pasted by whoever has no script."""

    code = forms.CharField(
        label=_("What stands behind the “#” in the link"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Open the link of the mail, or ask for a new one.")},
    )
    remember = forms.BooleanField(label=REMEMBER, required=False)


class SsoForm(forms.Form):
    """The same where the partner's own site led here."""

    code = LinkForm.base_fields["code"]
