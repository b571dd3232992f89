"""The form about one's own alerts."""

from __future__ import annotations

from typing import Any

from django import forms

from partnerpanel.alerts.rules import How, Topic
from partnerpanel.panel.alert_words import TOPICS, offered


class AlertsForm(forms.Form):
    """One choice for each topic."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic, text in TOPICS.items():
            self.fields[topic.value] = forms.ChoiceField(label=text, choices=offered(topic))

    @property
    def wanted(self) -> dict[Topic, How]:
        return {topic: How(self.cleaned_data[topic.value]) for topic in Topic}
