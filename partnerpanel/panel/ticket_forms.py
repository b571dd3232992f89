"""Forms of tickets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.support.rules import SUBJECT_LENGTH, TEXT_LENGTH, Topic

TOPICS: dict[Topic, Any] = {
    Topic.GENERAL: _("General"),
    Topic.BILLING: _("Billing"),
    Topic.TECHNICAL: _("Technical"),
    Topic.ERASURE: _("Erasure of data"),
}
WRITE_FIRST = {"required": _("Write something first.")}


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=WRITE_FIRST,
        help_text=_("The customer gets it by mail."),
    )


class TicketForm(ReplyForm):
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH, error_messages=WRITE_FIRST)
    topic = forms.ChoiceField(label=_("Topic"), choices=[(one.value, text) for one, text in TOPICS.items()])
    field_order = ("subject", "topic", "text")
