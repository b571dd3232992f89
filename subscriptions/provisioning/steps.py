"""What is done to an account at the service, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from subscriptions.rules.service_states import ServiceState, ServiceTerms


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account is and may use; `terms` None where nobody has said so."""

    state: ServiceState
    terms: ServiceTerms | None


def standing(state: str, terms: Mapping[str, Any]) -> Standing:
    """As a row of the account keeps it."""
    return Standing(ServiceState(state), ServiceTerms.of(terms))


def steps_between(before: Standing, after: Standing) -> list[str]:
    """One step for each thing that differs, such as “Disable the login”; none where nothing does."""
    return list(_steps(before, after))


def _steps(before: Standing, after: Standing) -> Iterator[str]:
    if after.state is not before.state:
        yield _STATES[after.state]()
    old, new = before.terms, after.terms
    if new is None or new == old:
        return
    if old is None or replace(new, is_limited=old.is_limited) != old:
        yield _("Set the login to %(terms)s") % {"terms": _text(new)}
    if new.is_limited and not (old and old.is_limited):
        yield _("Limit what the login can do")
    if old and old.is_limited and not new.is_limited:
        yield _("Give the login full access again")


def _text(terms: ServiceTerms) -> str:
    """“Business”, “2 × Business (connections: 5)”, “Business (connections: exactly 1)”."""
    name = f"{terms.quantity} × {terms.plan}" if terms.quantity != 1 else terms.plan
    strict = dict(terms.limits)
    parts = [f"{what}: {value}" for what, value in terms.allowances if what not in strict]
    parts += [f"{what}: +{value}" for what, value in terms.extras if what not in strict]
    parts += [_("%(what)s: exactly %(value)s") % {"what": what, "value": value} for what, value in terms.limits]
    allowances = ", ".join(parts)
    return f"{name} ({allowances})" if allowances else name


_STATES = {
    ServiceState.ABSENT: lambda: _("Remove the login"),
    ServiceState.ENABLED: lambda: _("Enable the login"),
    ServiceState.DISABLED: lambda: _("Disable the login"),
}
