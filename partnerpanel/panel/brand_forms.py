"""Forms about the brand, as arguments of an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.brand.rules.checks import Brand


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


BELOW_PAGES = _("An address with https://; it stands below your pages.")


def _address(label: Any, help_text: Any = BELOW_PAGES) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=300,
        help_text=help_text,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )


class BrandForm(forms.Form):
    """Texts, colour and numbers. What is left empty is the partner’s own name, or is left out."""

    sender_name = forms.CharField(
        label=_("Sender name"),
        required=False,
        max_length=80,
        help_text=_("Who mails are from and whose pages customers see. Empty: the name of your panel."),
    )
    printed_name = forms.CharField(
        label=_("Name on documents"),
        required=False,
        max_length=120,
        help_text=_("In full, as the law asks for it: “Northwind Hosting GmbH”."),
    )
    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=600,
        widget=_lines(4),
        help_text=_("At most 6 lines. The country is added. It stands below mails, too."),
    )
    ids = forms.CharField(
        label=_("Further ids"),
        required=False,
        max_length=400,
        widget=_lines(2),
        help_text=_("Such as “HRB 12345 B, Charlottenburg”, one a line. Your tax ids come from the tax settings."),
    )
    footer = forms.CharField(
        label=_("Footer of documents"),
        required=False,
        max_length=400,
        widget=_lines(3),
        help_text=_("At most 4 lines, such as your bank account and who represents the company."),
    )
    accent = forms.CharField(
        label=_("Accent colour"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Where it could not be read, a darker or lighter shade of it is taken."),
    )
    number_prefix = forms.CharField(
        label=_("Prefix of numbers"),
        required=False,
        max_length=13,
        help_text=_("NW makes NW-INV-000001. Another prefix is another series, which begins at 1."),
    )
    terms_url = _address(_("Terms"))
    privacy_url = _address(_("Privacy"))
    imprint_url = _address(_("Imprint"))
    support_url = _address(_("Help"), _("Where customers find help; your support address stands beside it."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def brand(self) -> Brand:
        data = self.cleaned_data
        return Brand(**{name: data[name] for name in Brand.__dataclass_fields__})


class LogoForm(forms.Form):
    """A picture."""

    logo = forms.FileField(
        label=_("File"),
        help_text=_("PNG, JPEG, WebP or GIF of at most 2 MB. It is drawn anew, so nothing else of the file is kept."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def upload(self) -> bytes:
        file: Any = self.cleaned_data["logo"]
        return bytes(file.read())


class RemoveLogoForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
