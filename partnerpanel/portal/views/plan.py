"""Plans: what one is on, another one, the change that waits, add-ons and packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.addons import AddAddon, KeepAddon, RemoveAddon
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.drop_change import DropChange
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.offers.queries.offer_rules import rules_ahead
from partnerpanel.offers.rules.offers import Moment
from partnerpanel.portal.confirming import Confirm
from partnerpanel.portal.holding import Holding, holdings
from partnerpanel.portal.offer_words import discount_with_change
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.words import day, money, number, price
from partnerpanel.tenancy.ahead import ahead
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.addon_catalogue import HeldLine, held_lines
from subscriptions.queries.addons import offers
from subscriptions.queries.changes import ChangeView, changes_of, plans_ahead, plans_at
from subscriptions.queries.names import names_of_plans_ahead
from subscriptions.rules.addons import AddonOffer
from subscriptions.rules.changes import ChangeKind, ChangeState, Direction, PlanFacts, direction_of
from subscriptions.rules.states import SERVED

DIRECTIONS: Mapping[Direction, Any] = {
    Direction.UP: gettext_lazy("Upgrade"),
    Direction.DOWN: gettext_lazy("Downgrade"),
    Direction.LATERAL: gettext_lazy("Change"),
}


def pending_text(change: ChangeView, holding: Holding) -> str:
    """What waits, and for what."""
    words = {"plan": change.after.plan.name, "price": price(change.after.plan.price, change.after.plan.interval)}
    if change.kind is ChangeKind.BILLING_DATE:
        return _("Your billing date moves to %(day)s when the days until then are paid.") % {"day": day(change.ends_on)}
    if change.addon:
        return _("%(addon)s is added when it is paid.") % {"addon": change.addon}
    if change.state is ChangeState.AWAITING:
        return _("%(plan)s, %(price)s, begins when it is paid. Until then everything stays as it is.") % words
    return _("From %(day)s on: %(plan)s, %(price)s.") % (words | {"day": day(holding.line.term_ends_on)})


class Plans(PortalView):
    """Each subscription with its plan, what waits, and its add-ons."""

    http_method_names = ["get", "head"]
    section = "plan"

    def get(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            found, _card = holdings(self.partner.pk, self.visit.customer_id, now=self.now)
            ids = [one.line.id for one in found if not one.is_over]
            changes, addons = changes_of(self.partner.pk, ids), held_lines(self.partner.pk, ids)
        rows = [
            {
                "holding": one,
                "pending": _pending(changes.get(one.line.id, ()), one),
                "addons": [_addon_row(line, one) for line in addons.get(one.line.id, ())],
                "may_change": _may_change(one),
            }
            for one in found
        ]
        return self.page("plan", {"rows": rows})


def _may_change(one: Holding) -> bool:
    line = one.line
    return line.lifecycle in SERVED and not line.cancel_at_period_end and not line.is_paused


def _pending(changes: Sequence[ChangeView], holding: Holding) -> str:
    return next((pending_text(one, holding) for one in changes if one.is_open), "")


def _addon_row(line: HeldLine, holding: Holding) -> dict[str, Any]:
    held = line.held
    ends = held.until_on or (holding.line.term_ends_on if held.leaves or line.drops else None)
    interval = held.offer.interval
    return {
        "id": public("held", held.id),
        "name": f"{number(held.quantity)} × {held.offer.name}" if held.quantity > 1 else held.offer.name,
        "price": price(held.price, interval) if interval else _("%(price)s, paid once") % {"price": money(held.price)},
        "note": _("until %(day)s") % {"day": day(ends)} if ends else "",
        "asks": line.asks,
        "can_remove": held.recurs and not held.leaves and not line.drops,
        "can_keep": held.recurs and not line.drops and (held.leaves or line.asks),
    }


class ChangeThePlan(Confirm):
    """To any plan that is sold, when the policy says: an upgrade at once, a downgrade with the next period."""

    permission = Permission.CHANGE_PLAN
    section = "plan"
    template = "change_plan"
    title = gettext_lazy("Change the plan")
    submit = gettext_lazy("Yes, Change the plan")
    done = "plan-changed"
    plans: dict[UUID, PlanFacts]
    current: PlanFacts | None

    def look_up(self) -> None:
        line, facts = self.holding.line, self.holding.facts
        if facts and (chosen := self.request.GET.get("plan")):
            id_ = parse("plan", chosen)
            ahead(
                *plans_ahead(self.partner.pk, line.price.currency, [id_]),
                names_of_plans_ahead(self.partner.pk, [id_, facts.plan_id]),
                rules_ahead(self.partner.pk, Moment.UPGRADE),
            )
        offered = plans_at(self.partner.pk, line.price.currency)
        self.current = next((plan for plan in offered if facts and plan.id == facts.plan_id), None)
        own = self.current.product_id if self.current else None
        self.plans = {
            plan.id: plan
            for plan in offered
            if plan.is_sellable and (facts is None or plan.id != facts.plan_id) and plan.product_id == own
        }

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        chosen = asked.get("plan", "")
        if not chosen:
            return None
        id_ = parse("plan", chosen)
        if id_ not in self.plans:
            raise NotFound("There is no such plan.")
        return ChangePlan((self.target,), id_)

    def fields(self, asked: Mapping[str, str]) -> dict[str, str]:
        return {"plan": asked.get("plan", "")}

    def summary(self) -> str:
        planned = self.quoted.money[0].planned if self.quoted and self.quoted.money else None
        coupon = planned.plan.coupon if planned else None
        return _("For this upgrade:") + " " + discount_with_change(coupon.discount) if coupon else ""

    def extra(self) -> dict[str, Any]:
        chosen = (self.request.POST or self.request.GET).get("plan", "")
        return {"current": self.current, "plans": [self._row(plan, chosen) for plan in self.plans.values()]}

    def _row(self, plan: PlanFacts, chosen: str) -> dict[str, Any]:
        facts, way = self.holding.facts, ""
        if self.current is not None and facts is not None:
            direction = direction_of(self.current, plan, facts.policy.policy.change.direction_by).value
            way = str(DIRECTIONS[direction])
        id_ = public("plan", plan.id)
        return {
            "id": id_,
            "name": plan.name,
            "price": price(plan.price, plan.interval),
            "way": way,
            "allowances": [(name, number(value)) for name, value in plan.allowances],
            "is_chosen": id_ == chosen,
        }


class DropTheChange(Confirm):
    """What waits does not happen."""

    permission = Permission.CHANGE_PLAN
    section = "plan"
    title = gettext_lazy("Undo the change")
    submit = gettext_lazy("Yes, Undo the change")
    done = "change-dropped"

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        change = self.holding.facts.change if self.holding.facts else None
        return DropChange((self.target,), change.id if change else None)

    def summary(self) -> str:
        return _("The change that waits does not happen; everything stays as it is.")


class BuyAddon(Confirm):
    """What is sold beside the plan: recurring, for a while, or as a pack."""

    permission = Permission.CHANGE_PLAN
    section = "plan"
    template = "buy_addon"
    title = gettext_lazy("Add-ons")
    submit = gettext_lazy("Yes, Buy it")
    done = "addon-bought"
    offered: Sequence[AddonOffer]

    def look_up(self) -> None:
        line, facts = self.holding.line, self.holding.facts
        plans = plans_at(self.partner.pk, line.price.currency, [facts.plan_id]) if facts else []
        found = offers(self.partner.pk, line.price.currency)
        self.offered = [one for one in found if one.is_sellable and plans and one.fits(plans[0])]

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        chosen = asked.get("addon", "")
        if not chosen:
            return None
        id_ = parse("addon", chosen)
        if id_ not in {one.id for one in self.offered}:
            raise NotFound("There is no such add-on.")
        text = asked.get("quantity", "1")
        many = int(text) if text.isdecimal() and len(text) <= 4 else 0
        return AddAddon((self.target,), id_, max(many, 1))

    def fields(self, asked: Mapping[str, str]) -> dict[str, str]:
        return {"addon": asked.get("addon", ""), "quantity": asked.get("quantity", "1")}

    def extra(self) -> dict[str, Any]:
        chosen = (self.request.POST or self.request.GET).get("addon", "")
        return {"addons": [_offer_row(one, chosen) for one in self.offered]}


def _offer_row(one: AddonOffer, chosen: str) -> dict[str, Any]:
    id_ = public("addon", one.id)
    once = _("%(price)s, paid once") % {"price": money(one.price)}
    return {
        "id": id_,
        "name": one.name,
        "price": price(one.price, one.interval) if one.interval else once,
        "allowances": [(name, number(value)) for name, value in one.allowances],
        "is_chosen": id_ == chosen,
    }


class _OnAddon(Confirm):
    permission = Permission.CHANGE_PLAN
    section = "plan"

    def fields(self, asked: Mapping[str, str]) -> dict[str, str]:
        return {"held": asked.get("held", "")}

    def held(self, asked: Mapping[str, str]) -> UUID:
        return parse("held", asked.get("held", ""))


class DropAddon(_OnAddon):
    """It ends with the running period."""

    title = gettext_lazy("Remove the add-on")
    submit = gettext_lazy("Yes, Remove it")
    done = "addon-removed"

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        return RemoveAddon((self.target,), self.held(asked))


class KeepTheAddon(_OnAddon):
    """It goes on with the next period."""

    title = gettext_lazy("Keep the add-on")
    submit = gettext_lazy("Yes, Keep it")
    done = "addon-kept"

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        return KeepAddon((self.target,), self.held(asked))
