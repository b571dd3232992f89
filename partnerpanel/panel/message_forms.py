"""What is written to customers: a template of the partner, or words of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.rules.template import LONGEST_BODY, LONGEST_SUBJECT
from partnerpanel.panel.template_forms import MARKDOWN


class MessageForm(forms.Form):
    """With a template the two fields below stay empty."""

    template = forms.ChoiceField(label=_("Template"), required=False)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=LONGEST_SUBJECT)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=MARKDOWN,
    )

    def __init__(self, *args: Any, templates: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [("", _("Your own words")), *templates]  # type: ignore[attr-defined]
