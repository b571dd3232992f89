"""Forms of limits: which allowance, to what, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST = 2**53 - 1


class _LimitForm(forms.Form):
    value = forms.IntegerField(
        label=_("Set it to"),
        min_value=0,
        max_value=LARGEST,
        required=False,
        help_text=_("In all: it holds instead of what plan, add-ons and packs give. 0 allows nothing."),
    )
    lift = forms.BooleanField(
        label=_("Lift the limit instead: what plan, add-ons and packs give holds again"), required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only your team sees this."),
        error_messages={"required": _("Give a reason of at most 500 letters; your team reads it.")},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("lift") and data.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("A limit is a whole number; 0 allows nothing."))
        return data

    @property
    def wanted(self) -> int | None:
        """Of a valid form; None where the limit is lifted."""
        return None if self.cleaned_data["lift"] else self.cleaned_data["value"]


class LimitForm(_LimitForm):
    """Of one subscription. `planned_for` is the allowance that the value below it is shown for."""

    allowance = forms.ChoiceField(label=_("Allowance"))
    planned_for = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("allowance", "reason", "value", "lift")

    def __init__(self, data: Any, *, choices: Sequence[tuple[str, str]], limited: bool, **kwargs: Any) -> None:
        """`limited`: a limit is set for the allowance, so that it can be lifted."""
        super().__init__(data, **kwargs)
        self.fields["allowance"].choices = choices  # type: ignore[attr-defined]
        self.fields["value"].required = not limited
        if not limited:
            self.fields["lift"].widget = forms.HiddenInput()


class BulkLimitForm(_LimitForm):
    """Of many: the allowance by its name."""

    allowance = forms.CharField(
        label=_("Allowance"),
        max_length=40,
        help_text=_("As your plans name it, such as connections."),
        error_messages={"required": _("Name the allowance, as the plan has it.")},
    )

    field_order = ("allowance", "value", "lift", "reason")
