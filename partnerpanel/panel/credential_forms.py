"""Forms about credentials."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ViewCredentialsForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Your team reads it in the timeline."),
        error_messages={"required": _("Give a reason of at most 300 letters; your team reads it.")},
    )


class ResetPasswordForm(forms.Form):
    """Nothing to fill in: the password that was seen to be replaced, by its number."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class EmailCredentialsForm(forms.Form):
    """Nothing to fill in: how the mail was shown."""

    mode = forms.ChoiceField(choices=[("link", "link"), ("plain", "plain")], widget=forms.HiddenInput)


class ServiceAddressForm(forms.Form):
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=200,
        help_text=_("Such as https://pbx.example.com:5061 or pbx.example.com:5061. Empty: customers are told none."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class OneTimeLinkForm(forms.Form):
    """The part of the link behind the “#”; a script fills it in, and without one it is pasted."""

    code = forms.CharField(
        label=_("The link from your e-mail"),
        max_length=600,
        help_text=_("Copy the whole link from the e-mail and paste it here."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"required": _("Paste the link from the e-mail.")},
    )

    def clean_code(self) -> str:
        """Of a whole link, the token alone."""
        return str(self.cleaned_data["code"]).rpartition("#")[2].strip()
