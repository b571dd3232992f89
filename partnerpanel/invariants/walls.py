"""The walls between partners, looked at as they stand in the database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partnerpanel.invariants.registry import EverywhereInvariant
from partnerpanel.tenancy.breaches import breaches

WALLS = EverywhereInvariant(
    name="walls_stand",
    sentence=_("Row-level security stands on every table of tenants, and shows nothing without a partner’s scope."),
    remedy=_("Stop the application and run “manage.py migrate”: it builds the walls anew. Then look again."),
    find=breaches,
)
