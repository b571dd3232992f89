"""The popup that sets an allowance of a subscription strictly, or lifts that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions import door
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.set_limit import REASON_LENGTH, SetLimit
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.change_forms import with_defaults
from partnerpanel.panel.limit_forms import LARGEST, LimitForm
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.templatetags.formats import number
from partnerpanel.panel.views.access import OnTarget
from partnerpanel.panel.views.subscription_popup import OfSubscription
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.usage import usage_of
from subscriptions.rules.usage import AllowanceUse


class SetLimitPopup(OnTarget, OfSubscription):
    """Filled in with what holds now; what is chosen decides which value is shown."""

    template = "panel/actions/subscription.html"
    part = "panel/actions/subscription_part.html"
    address: ClassVar[str] = "set-limit"
    title: ClassVar[Any] = gettext_lazy("Set limits")
    ways = ("value", "lift")
    uses: Mapping[str, AllowanceUse]

    def prepare(self, address: Mapping[str, str]) -> None:
        super().prepare(address)
        id_ = self.target.subscription_id
        with tenant(self.visit.partner.pk):
            found = usage_of(self.visit.partner.pk, [id_] if id_ else [])
        self.uses = {use.name: use for uses in found.values() for use in uses}

    def form(self, data: Any = None, files: Any = None) -> Form:
        choices = [(name, f"{name} · {_now(use)}") for name, use in self.uses.items()]
        if data is None:
            asked = self.request.GET.get("allowance", "")
            chosen = asked if asked in self.uses else next(iter(self.uses), "")
            initial = {"allowance": chosen, "value": self._value(chosen), "planned_for": chosen}
            return LimitForm(None, choices=choices, limited=self._is_limited(chosen), initial=initial)
        chosen = str(data.get("allowance", ""))
        defaults = {"value": str(self._value(chosen))}
        if data.get("planned_for") != chosen:
            defaults["lift"] = ""
        filled = with_defaults(data, defaults, by="allowance")
        return LimitForm(filled, choices=choices, limited=self._is_limited(chosen))

    def verb(self, form: Form) -> Verb:
        asked = form.cleaned_data
        return SetLimit((self.target,), asked["allowance"], None if asked["lift"] else asked["value"], asked["reason"])

    def draft(self, form: Form) -> Verb | None:
        asked = form.cleaned_data if form.is_bound else form.initial
        name, value = asked.get("allowance"), asked.get("value")
        lift = bool(asked.get("lift"))
        if not name or (value is None and not lift):
            return None
        wanted = None if lift or value is None else min(int(value), LARGEST)
        reason = str(asked.get("reason") or "").strip()[:REASON_LENGTH]
        return SetLimit((self.target,), name, wanted, reason or _("(your reason)"))

    def words(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "subtitle": self.whom(),
            "submit": _("Yes, Set limit"),
            "danger": False,
            "note": _("Can be undone for 24 hours"),
        }

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        return shown(quote, moved=moved, summary=self._summary(quote))

    def said(self, outcome: door.Outcome) -> str:
        words = {"name": self.whom(), **self._words(outcome.quote)}
        return _("%(name)s may use %(after)s %(allowance)s.") % words

    def _quote_context(self, quote: Quote | None, moved: tuple[Difference, ...] = ()) -> dict[str, Any]:
        waits = _("Say what it is set to; what follows then appears here.")
        if not self.uses:
            waits = _("It has no allowance. Plans and add-ons give some: name them in your catalogue.")
        ways = {"ways": self.ways, "dependent": self.ways, "waits_for": waits}
        return super()._quote_context(quote, moved) | ways

    def _summary(self, quote: Quote) -> str:
        if not quote.effects:
            return ""
        text = _("It may use %(after)s %(allowance)s instead of %(before)s, at once. Nothing is charged or deleted.")
        return text % self._words(quote)

    def _words(self, quote: Quote) -> dict[str, str]:
        [effect] = quote.effects
        before, after = number(int(effect.before)), number(int(effect.after))
        return {"allowance": effect.plan_name, "before": before, "after": after}

    def _value(self, name: str) -> int | None:
        return self.uses[name].limit if name in self.uses else None

    def _is_limited(self, name: str) -> bool:
        return name in self.uses and self.uses[name].set_to is not None


def _now(use: AllowanceUse) -> str:
    """“now 5”, “set to 1”."""
    if use.set_to is not None:
        return _("set to %(value)s") % {"value": number(use.set_to)}
    return _("now %(value)s") % {"value": number(use.limit)}
