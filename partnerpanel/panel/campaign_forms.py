"""Forms of campaigns: what is said to whom, and when it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from customers.filters import Tab
from partnerpanel.actions.campaigns import Audience, CampaignDraft
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.list_state import TABS, ListState
from partnerpanel.panel.marketing_words import KIND_HELP, TOPIC_CHOICES
from partnerpanel.panel.message_forms import MessageForm

FILTERS = ("tab", "search", "country", "tag", "plan", "since", "until")


class CampaignForm(MessageForm):
    """Recipients by the filters of the customers' list, unless customers were chosen there by hand."""

    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("Only your team sees it."))
    topic = forms.ChoiceField(label=_("Kind"), required=False, choices=TOPIC_CHOICES, help_text=KIND_HELP)
    tab = forms.ChoiceField(label=_("Customers"), choices=[(tab.value, text) for tab, text in TABS.items()])
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    search = forms.CharField(label=_("Search"), required=False, max_length=100)
    since = forms.DateField(label=_("Registered from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Registered until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        plans: Sequence[tuple[str, str]],
        tags: Sequence[str],
        countries: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        fields: Any = self.fields
        fields["plan"].choices = [everything, *plans]
        fields["tag"].choices = [everything, *((tag, tag) for tag in tags)]
        fields["country"].choices = [everything, *countries]
        # A list that is opened with `?tab=` may name none.
        fields["tab"].required = False

    def draft(self, chosen: Sequence[Any]) -> CampaignDraft:
        """Of a valid form; `chosen` are customers by hand."""
        data = self.cleaned_data
        asked: dict[str, Any] = {name: _text(data[name]) for name in FILTERS}
        asked["tab"] = asked["tab"] or Tab.ALL.value
        audience = Audience(tuple(chosen)) if chosen else Audience(**asked)
        said = {name: data[name] for name in ("title", "topic", "template", "subject", "body")}
        return CampaignDraft(audience=audience, **said)

    @property
    def said(self) -> list[Any]:
        """Its fields in the order in which they stand."""
        return [self[name] for name in ("title", "topic", "template", "subject", "body")]

    @property
    def filters(self) -> list[Any]:
        return [self[name] for name in FILTERS]


class ConfirmForm(forms.Form):
    """When, and that it is meant: more than 100 are typed."""

    send_at = forms.DateTimeField(
        label=_("Send at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Empty: now. Either way you can recall it for five minutes."),
    )
    recipients = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    typed = forms.CharField(label=_("Type the number of recipients to confirm"), required=False, max_length=10)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        many = data.get("recipients", 0)
        if many > TYPED_ABOVE and data.get("typed", "").strip() != str(many):
            self.add_error("typed", _("Type %(n)s to confirm.") % {"n": many})
        return data


TYPED_ABOVE = 100


def of_state(state: ListState) -> dict[str, str]:
    """The filters of the customers' list as this form's."""
    return {name: str(value) for name, value in asdict(state).items() if name in FILTERS}


def chosen_in(data: QueryDict) -> list[Any]:
    """Customers named one by one; what is no id is left out."""
    found = []
    for text in data.getlist("id"):
        try:
            found.append(parse("cus", text))
        except NotFound:
            continue
    return found


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")
