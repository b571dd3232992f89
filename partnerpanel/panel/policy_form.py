"""The form of one level of a policy: every key, what was shown, and what is reset to the level above."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _

from partnerpanel.panel.policy_fields import field_for
from partnerpanel.policy.rules.documents import canonical, dump
from partnerpanel.policy.rules.editing import Partial, Shown, edited
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.policy import KEYS
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.resolution import ResolvedPolicy


def name_of(key: str) -> str:
    """How a key is named in a form: a dot would end a selector."""
    return key.replace(".", "-")


class PolicyForm(forms.Form):
    """`based_on` is the version that was shown, `shown` what held then; together they say what somebody changed."""

    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    preset = forms.ChoiceField(
        required=False, choices=[("", ""), *((one.value, one.value) for one in Preset)], widget=forms.HiddenInput
    )
    shown = forms.CharField(max_length=10_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in KEYS.values():
            self.fields[name_of(key.name)] = field_for(key)
            self.fields[f"reset-{name_of(key.name)}"] = forms.BooleanField(
                required=False, label=_("Reset to the level above")
            )

    @classmethod
    def showing(cls, resolved: ResolvedPolicy, *, own: Mapping[str, Any], based_on: int, preset: str) -> Self:
        """Filled with what would hold."""
        values = dump(resolved.policy)
        shown = json.dumps({"values": values, "own": sorted(own)}, separators=(",", ":"))
        initial = {name_of(key): value for key, value in values.items()}
        return cls(initial=initial | {"based_on": based_on, "preset": preset, "shown": shown})

    def clean_shown(self) -> Shown:
        try:
            raw = json.loads(self.cleaned_data["shown"])
            values = canonical(raw["values"])
            own = frozenset(map(str, raw["own"]))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidPolicy):
            raise ValidationError(_("This page is out of date. Open it again.")) from None
        if set(values) != set(KEYS):
            raise ValidationError(_("This page is out of date. Open it again."))
        return Shown(values, own)

    @property
    def document(self) -> Partial:
        """What the level is to say, of a valid form."""
        data = self.cleaned_data
        written = {key: data[name_of(key)] for key in KEYS}
        dropped = {key for key in KEYS if data.get(f"reset-{name_of(key)}")}
        return edited(data["shown"], written, dropped)

    def field(self, key: str) -> BoundField:
        return self[name_of(key)]

    def reset(self, key: str) -> BoundField:
        return self[f"reset-{name_of(key)}"]
