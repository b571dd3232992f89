"""What would be done to service accounts, were these events recorded: said before, in the preview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from partnerpanel.events.consumers import Foreseen
from partnerpanel.events.drafts import EventDraft
from partnerpanel.tenancy.scope import current_partner
from subscriptions.models import Plan, ServiceAccount
from subscriptions.provisioning.accounts import terms_of
from subscriptions.provisioning.addons_ahead import addons_said, held_after
from subscriptions.provisioning.steps import Standing, steps_between
from subscriptions.queries.addons import extra_allowances, held_addons
from subscriptions.queries.limits import limits_of, values_of
from subscriptions.queries.names import names_of_plans
from subscriptions.rules.addons import AddonOffer, HeldAddon
from subscriptions.rules.limits import LIMIT_LIFTED, LIMIT_SET
from subscriptions.rules.service_states import ServiceState, ServiceTerms
from subscriptions.rules.states import Access

CHANGES = ("subscription.plan_changed", "subscription.rolled_back", "subscription.quantity_changed")
BEGINS = ("subscription.started", "subscription.trial_started")
BEGINNING = frozenset({"subscription.created", *BEGINS})


def foresee(drafts: Sequence[EventDraft]) -> list[Foreseen]:
    """The steps for each account that will be switched or set otherwise, such as “Disable the login”."""
    said: defaultdict[UUID, list[EventDraft]] = defaultdict(list)
    for draft in drafts:
        said[draft.object_id].append(draft)
    plans = Plan.objects.for_partner(current_partner()).in_bulk(
        {_plan_after(draft) for draft in drafts if draft.kind in CHANGES}
    )
    rows = (
        ServiceAccount.objects.for_partner(current_partner())
        .filter(subscription__in=said)
        .select_related("subscription__plan")
        .order_by("pk")
    )
    held = held_addons(current_partner(), said)
    told = addons_said(current_partner(), drafts)
    limits = limits_of(current_partner(), said)
    steps = [
        Foreseen("step", step, row.username, row.subscription_id)
        for row in rows
        for step in _steps(
            row,
            said[row.subscription_id],
            plans,
            held.get(row.subscription_id, ()),
            told,
            values_of(limits.get(row.subscription_id, {})),
        )
    ]
    return [*_set_up(said), *steps]


def _set_up(said: Mapping[UUID, Sequence[EventDraft]]) -> list[Foreseen]:
    """The login of a subscription that is made and begins at once."""
    made = {
        id_: UUID(draft.data["plan"])
        for id_, drafts in said.items()
        for draft in drafts
        if draft.kind == "subscription.created" and any(one.kind in BEGINS for one in drafts)
    }
    names = names_of_plans(current_partner(), set(made.values()))
    return [Foreseen("step", _("Set up the login"), names.get(plan, ""), id_) for id_, plan in made.items()]


def _steps(
    row: ServiceAccount,
    drafts: Sequence[EventDraft],
    plans: Mapping[UUID, Plan],
    held: Sequence[HeldAddon],
    told: Mapping[UUID, AddonOffer],
    limits: tuple[tuple[str, int], ...],
) -> list[str]:
    before, after = _switched(drafts, ServiceState(row.desired))
    terms = terms_of(row.subscription, row.subscription.plan, extra_allowances(held), limits)
    later = replace(terms, extras=extra_allowances(held_after(held, drafts, told)))
    for draft in drafts:
        later = _told(later, draft, plans)
    return steps_between(Standing(before, terms), Standing(after, later))


def _told(terms: ServiceTerms, draft: EventDraft, plans: Mapping[UUID, Plan]) -> ServiceTerms:
    """The terms after the draft."""
    if draft.kind in CHANGES:
        plan = plans[_plan_after(draft)]
        allowances = tuple(sorted(plan.allowances.items()))
        return replace(terms, plan=plan.name, allowances=allowances, quantity=draft.data["quantity"][1])
    if draft.kind in (LIMIT_SET, LIMIT_LIFTED):
        others = [one for one in terms.limits if one[0] != draft.data["allowance"]]
        value = draft.data["set"][1]
        added = [] if value is None else [(draft.data["allowance"], value)]
        return replace(terms, limits=tuple(sorted([*others, *added])))
    if draft.kind == "subscription.grace_started":
        return replace(terms, is_limited="limited" in draft.data)
    return replace(terms, is_limited=False) if draft.kind == "subscription.limits_lifted" else terms


def _plan_after(draft: EventDraft) -> UUID:
    return UUID(draft.data["plan"][1])


def _switched(drafts: Sequence[EventDraft], desired: ServiceState) -> tuple[ServiceState, ServiceState]:
    """The account before and after, as the drafts say it or as follows from what it is."""
    first, last = desired, desired
    for draft in drafts:
        if "service" in draft.data:
            before, after = draft.data["service"]
            if before is not None and after is not None:
                first, last = ServiceState(before), ServiceState(after)
        elif draft.kind in ("subscription.paused", "subscription.ended"):
            last = ServiceState.DISABLED
        elif draft.kind == "subscription.restarted":
            last = ServiceState.ENABLED
        elif draft.kind in ("subscription.resumed", "subscription.restored"):
            last = ServiceState.ENABLED if draft.data["access"][1] == Access.OPEN else last
    return first, last
