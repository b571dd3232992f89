"""The form of a series of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.own_series.rules import MOST_MAILS
from partnerpanel.actions.own_series import SeriesDraft, SeriesMail
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.series_words import BEGUN_BY, STOPPED_BY

# As many as a series may have.
MAILS = MOST_MAILS


class SeriesForm(forms.Form):
    """Title, beginning, up to five mails, what stops it, and for whom."""

    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("Only your team sees it."))
    begun_by = forms.ChoiceField(label=_("Begins when"), choices=list(BEGUN_BY.items()))
    stopped_by = forms.MultipleChoiceField(
        label=_("Stops when"),
        choices=list(STOPPED_BY.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What waits for a customer is not sent any more. A ban and an erasure always stop it."),
    )
    plans = forms.MultipleChoiceField(
        label=_("Plans"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all plans, and customers without one."),
    )
    only_served = forms.BooleanField(label=_("Only while the service runs"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, templates: Sequence[tuple[str, Any]], plans: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["plans"].choices = plans
        for number in range(1, MAILS + 1):
            is_first = number == 1
            fields[f"days_{number}"] = forms.IntegerField(
                label=_("Mail %(n)s: days later") % {"n": number}, min_value=0, max_value=365, required=is_first
            )
            fields[f"template_{number}"] = forms.ChoiceField(
                label=_("Mail %(n)s: template") % {"n": number},
                choices=[("", _("None")), *templates],
                required=is_first,
            )
        self.order_fields(["title", "begun_by", *self._mail_fields(), "stopped_by", "plans", "only_served"])

    @staticmethod
    def _mail_fields() -> list[str]:
        return [f"{name}_{number}" for number in range(1, MAILS + 1) for name in ("days", "template")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(1, MAILS + 1):
            days, template = data.get(f"days_{number}"), data.get(f"template_{number}")
            if template and days is None and f"days_{number}" not in self.errors:
                self.add_error(f"days_{number}", _("Say how many days later."))
            elif days is not None and not template and f"template_{number}" not in self.errors:
                self.add_error(f"template_{number}", _("Choose a template."))
        return data

    @property
    def draft(self) -> SeriesDraft:
        data = self.cleaned_data
        mails = [
            SeriesMail(data[f"days_{number}"], data[f"template_{number}"])
            for number in range(1, MAILS + 1)
            if data[f"template_{number}"]
        ]
        plans: list[UUID] = [parse("plan", one) for one in data["plans"]]
        return SeriesDraft(
            data["title"], data["begun_by"], tuple(mails), tuple(data["stopped_by"]), tuple(plans), data["only_served"]
        )


def initial_of(draft: SeriesDraft, version: int) -> dict[str, Any]:
    """The form's fields as they stand."""
    mails = {
        f"{name}_{number}": value
        for number, one in enumerate(draft.mails[:MAILS], start=1)
        for name, value in (("days", one.days), ("template", one.template))
    }
    return mails | {
        "title": draft.title,
        "begun_by": draft.begun_by,
        "stopped_by": list(draft.stopped_by),
        "plans": [public("plan", id_) for id_ in draft.plans],
        "only_served": draft.only_served,
        "version": version,
    }
