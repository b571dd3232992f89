"""Addresses of the portal in templates."""

from __future__ import annotations

from typing import Any

from django.template import Context, Library

from partnerpanel.portal.places import at

register = Library()


@register.simple_tag(takes_context=True, name="at")
def at_tag(context: Context, name: str, *args: Any) -> str:
    """The address of a page of the portal that this page is of."""
    return at(context["request"], context["partner"], name, *map(str, args))
