"""Plans of the demo that anybody can buy: one at its own page, and one by a link with a trial."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from partnerpanel.actions.checkout.links import NewLink, create_link
from partnerpanel.embedded.demo.office import Office
from partnerpanel.tenancy.models import Role

TRIAL_DAYS = 14


def sell_by_links(plans: Mapping[str, UUID], office: Office) -> None:
    """The first plan has a page; the second is sold with a trial to whoever gets the link."""
    actor, now = office.actors[Role.OWNER], office.days.at(15, 11)
    first, second = list(plans.values())[:2]
    create_link(NewLink(first, is_public=True, key="start", most_quantity=10), actor=actor, now=now)
    trial = NewLink(second, note="Newsletter in spring", trial_days=TRIAL_DAYS, most_uses=100)
    create_link(trial, actor=actor, now=now)
