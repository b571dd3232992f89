"""Form controls in the product's look, with the attributes that tie label, help and error together."""

from __future__ import annotations

from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.template import Library
from django.utils.safestring import SafeString

from partnerpanel.panel.checklist import Checklist, Group, groups_of

register = Library()


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the label belongs behind the control."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_radio(field: BoundField) -> bool:
    """Whether it is one question with several answers: a group with its own legend."""
    return isinstance(field.field.widget, RadioSelect)


@register.filter
def is_checklist(field: BoundField) -> bool:
    """Whether several of a grouped list can be chosen."""
    return isinstance(field.field.widget, Checklist)


@register.filter
def groups(field: BoundField) -> list[Group]:
    """What a checklist consists of."""
    return groups_of(field)


def _css(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, RadioSelect):
        return ""
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.simple_tag
def control(field: BoundField, *, focus: bool = False) -> SafeString:
    """The field's own widget; an invalid one says so and points at its error and help."""
    described = []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    if field.help_text:
        described.append(f"{field.auto_id}_helptext")
    attrs: dict[str, str | bool] = {"class": _css(field)}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    if focus:
        attrs["autofocus"] = True
    return field.as_widget(attrs=attrs)
