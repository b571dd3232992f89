"""Forms of changes of plan. What can be chosen comes from the view; what is left out is the policy's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerpanel.policy.rules.change import Anchor, RollbackMoney, Unpaid, When

Group = tuple[str, list[tuple[str, str]]]

WHENS = [(When.IMMEDIATE.value, _("Immediately")), (When.PERIOD_END.value, _("At next billing"))]
ANCHORS = [
    (Anchor.RESET.value, _("A new period begins today")),
    (Anchor.KEEP.value, _("The billing date stays")),
]
UNPAIDS = [
    (Unpaid.WAIT.value, _("Change it when it is paid")),
    (Unpaid.APPLY_AND_COLLECT.value, _("Change it now, and collect the money")),
]
MONEYS = [
    (RollbackMoney.REVERSE_CHANGE.value, _("Take the change back: credit what it had cost")),
    (RollbackMoney.CREDIT_UNUSED.value, _("Credit the unused days")),
    (RollbackMoney.NONE.value, _("Without money")),
]


class ChangePlanForm(forms.Form):
    """To which plan, and how. `planned_for` is the plan that the options below it are shown for."""

    plan = forms.ChoiceField(label=_("New plan"), error_messages={"required": _("Choose a plan.")})
    when = forms.ChoiceField(label=_("When"), choices=WHENS, widget=forms.RadioSelect)
    anchor = forms.ChoiceField(label=_("Billing date"), choices=ANCHORS, widget=forms.RadioSelect)
    unpaid = forms.ChoiceField(label=_("What is to pay"), choices=UNPAIDS, widget=forms.RadioSelect)
    planned_for = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["plan"].choices = [("", _("Choose a plan")), *groups]  # type: ignore[attr-defined]


class OwnPlanForm(forms.Form):
    """To which plan; the rest is the policy of who sells it."""

    plan = forms.ChoiceField(label=_("New plan"), error_messages={"required": _("Choose a plan.")})

    def __init__(self, data: Any, *, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["plan"].choices = [("", _("Choose a plan")), *groups]  # type: ignore[attr-defined]


class RollbackForm(forms.Form):
    """Back to which plan, and what is given back. `planned_for` as for a change."""

    plan = forms.ChoiceField(label=_("Back to"), error_messages={"required": _("Choose a plan.")})
    money = forms.ChoiceField(label=_("What is given back"), choices=MONEYS, widget=forms.RadioSelect)
    planned_for = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["plan"].choices = groups  # type: ignore[attr-defined]

    def offer(self, moneys: Sequence[RollbackMoney]) -> None:
        """Leaves only these ways."""
        self.fields["money"].choices = [one for one in MONEYS if one[0] in moneys]  # type: ignore[attr-defined]


class DropForm(forms.Form):
    """Nothing to fill in: the change that was shown."""

    change = forms.CharField(widget=forms.HiddenInput, required=False)


def with_defaults(data: Any, defaults: Mapping[str, str], *, by: str = "plan") -> Any:
    """The data with the defaults of what was chosen for options that were not shown, or shown for another choice.

    `by` names the field that they depend on.
    """
    own = data.get("planned_for") == data.get(by)
    filled = data.copy()
    for name, value in defaults.items():
        filled[name] = data.get(name, value) if own else value
    filled["planned_for"] = data.get(by, "")
    return filled
