"""Ids as interfaces show them."""

from __future__ import annotations

from uuid import UUID

from django.template import Library

from partnerpanel.kernel import ids

register = Library()


@register.filter
def public(value: UUID, prefix: str) -> str:
    """`customer.pk|public:"cus"` → `cus_01k…`."""
    return ids.public(prefix, value)
