"""Forms about marketing: what a customer said, suppressed addresses, and the partner's rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.marketing.rules.reasons import Answer, Source
from notifications.marketing.rules.topics import Topic
from partnerpanel.actions.marketing import WantedRules
from partnerpanel.panel.marketing_words import ANSWERS, SOURCES, TOPICS

SAID = [(one.value, ANSWERS[one]) for one in Answer]
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
# Where staff may have heard it.
HEARD = [(one.value, SOURCES[one]) for one in (Source.STAFF, Source.IMPORT)]


class ChoiceForm(forms.Form):
    """What a customer said, topic by topic, and where."""

    offers = forms.ChoiceField(label=TOPICS[Topic.OFFERS], choices=SAID)
    tips = forms.ChoiceField(label=TOPICS[Topic.TIPS], choices=SAID)
    feedback = forms.ChoiceField(label=TOPICS[Topic.FEEDBACK], choices=SAID)
    source = forms.ChoiceField(label=_("How you know"), choices=HEARD)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("Such as when and in which words.")
    )

    def answers(self) -> dict[Topic, Answer]:
        """Of a valid form."""
        return {topic: Answer(self.cleaned_data[topic.value]) for topic in Topic}


class SuppressForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Write the address that gets no more marketing."),
            "invalid": _("Write an address such as anna@example.com."),
        },
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300, help_text=_("Why; your team reads it."))


class LiftForm(forms.Form):
    note = forms.CharField(
        label=_("Why"), max_length=300, error_messages={"required": _("Say why it is taken off the list.")}
    )


class RulesForm(forms.Form):
    """How marketing is sent."""

    needs_consent = forms.BooleanField(
        label=_("Only to customers who have agreed"),
        required=False,
        help_text=_("Otherwise everybody gets it who has not refused it. Every mail can be unsubscribed from."),
    )
    quiet_from = forms.TypedChoiceField(label=_("Quiet from"), choices=HOURS, coerce=int)
    quiet_until = forms.TypedChoiceField(
        label=_("Quiet until"),
        choices=HOURS,
        coerce=int,
        help_text=_("Marketing waits until then. The same hour twice: it never waits."),
    )
    in_own_zone = forms.BooleanField(
        label=_("By each customer’s clock"), required=False, help_text=_("Otherwise by yours.")
    )
    per_minute = forms.IntegerField(
        label=_("Mails a minute"),
        min_value=1,
        max_value=6000,
        help_text=_("All campaigns together send no more than that; ask your mail provider what it takes."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def wanted(self) -> WantedRules:
        """Of a valid form."""
        data: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return WantedRules(**data)
