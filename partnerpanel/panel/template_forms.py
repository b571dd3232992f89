"""Forms about the texts of mails, as arguments of an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.rules.languages import LANGUAGES
from partnerpanel.panel.listing import language_name
from partnerpanel.panel.marketing_words import KIND_HELP, TOPIC_CHOICES

MARKDOWN = _(
    "An empty line begins a paragraph. **bold**, *italic*, [text](https://…), lists with “- ”. Values stand in "
    "{{ braces }}; {{#reason}} … {{/reason}} is there only while there is a reason."
)


class TextForm(forms.Form):
    """Subject and body; for whom the preview is, and the version that was shown."""

    subject = forms.CharField(label=_("Subject"), max_length=300, strip=True)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 18}), help_text=MARKDOWN)
    customer = forms.CharField(
        label=_("Preview for"),
        required=False,
        max_length=40,
        help_text=_("The id of a customer (cus_…), or empty for sample values."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NewTextForm(forms.Form):
    """A further text to write with."""

    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("Only your team sees it."))
    topic = forms.ChoiceField(label=_("Kind"), required=False, choices=TOPIC_CHOICES, help_text=KIND_HELP)
    language = forms.ChoiceField(label=_("Language"), help_text=_("Further languages can be added afterwards."))
    subject = forms.CharField(label=_("Subject"), max_length=300)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}), help_text=MARKDOWN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one, language_name(one)) for one in LANGUAGES]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


class DescribeTextForm(forms.Form):
    """What a further text is called."""

    title = forms.CharField(label=_("Title"), max_length=80)
    topic = forms.ChoiceField(label=_("Kind"), required=False, choices=TOPIC_CHOICES, help_text=KIND_HELP)
    version = forms.IntegerField(widget=forms.HiddenInput)
