"""What a job works through: customers, or those of their subscriptions that the verb can concern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.actions.announce_price import AnnouncePrice
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.subscription_verb import SubscriptionVerb
from partnerpanel.actions.verb import Target, Verb
from subscriptions.queries.running import Running, product_of, running_of
from subscriptions.rules.access_plan import Refusal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of a job before it is planned; `refusal` says why there is nothing to plan."""

    target: Target
    refusal: Refusal | None = None


def candidates(verb: Verb, customer_ids: Sequence[UUID], *, partner_id: UUID) -> list[Candidate]:
    """One for each customer; for a verb on subscriptions one for each that has not ended.

    To another plan, somebody with several subscriptions changes those of the plan's own product; a new price is for
    those on its plan. Raises NotFound for a plan that does not exist.
    """
    if not issubclass(type(verb), (SubscriptionVerb, SetLimit)):
        return [Candidate(Target(id_)) for id_ in customer_ids]
    running = running_of(partner_id, customer_ids)
    product = product_of(partner_id, verb.plan_id) if isinstance(verb, ChangePlan) else None
    on_plan = verb.plan_id if isinstance(verb, AnnouncePrice) else None
    return [one for id_ in customer_ids for one in _of_customer(id_, running.get(id_, []), product, on_plan)]


def _of_customer(
    customer_id: UUID, running: Sequence[Running], product: UUID | None, on_plan: UUID | None
) -> list[Candidate]:
    if not running:
        return [Candidate(Target(customer_id), Refusal("no_subscription", _("No subscription that has not ended.")))]
    meant = [one for one in running if on_plan in (None, one.plan_id)]
    if not meant:
        return [Candidate(Target(customer_id), Refusal("other_plan", _("No subscription on this plan.")))]
    if product is not None and len(running) > 1:
        meant = [one for one in running if one.product_id == product]
    if not meant:
        message = _("Has several subscriptions, and none is of this plan’s product.")
        return [Candidate(Target(customer_id), Refusal("other_product", message))]
    return [Candidate(Target(customer_id, one.id)) for one in meant]
