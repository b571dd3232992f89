"""What plans say will stand, compared with what then stands in the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from billing.queries.facts import load
from billing.rules.after import facts_after
from billing.rules.facts import BillingFacts
from billing.rules.plan import BillingPlan
from billing.services import apply as service


class Foresight:
    """Listens to `apply`: the facts that it went by without reading them must be those that loading finds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.compared = 0
        self._said: dict[UUID, BillingFacts] = {}
        self._reschedule = service.reschedule
        monkeypatch.setattr(service, "facts_after", self._note)
        monkeypatch.setattr(service, "reschedule", self._compare)

    def _note(self, plan: BillingPlan) -> BillingFacts | None:
        after = facts_after(plan)
        if after is not None:
            self._said[after.subscription_id] = after
        return after

    def _compare(self, subscription_ids: Sequence[UUID], *, partner_id: UUID, now: datetime) -> None:
        found = load(partner_id, self._said, now=now)
        for id_, said in self._said.items():
            assert _told(said) == _told(found[id_])
        self.compared += len(self._said)
        self._said.clear()
        self._reschedule(subscription_ids, partner_id=partner_id, now=now)


def _told(facts: BillingFacts) -> BillingFacts:
    """Without what a plan does not say: the number of a new invoice, and the balance."""
    return replace(facts, balance=None, invoice=replace(facts.invoice, label="") if facts.invoice else None)
