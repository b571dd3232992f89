"""Popups of a ban and of lifting it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.rules.changes.banning import OpenInvoices
from partnerpanel.actions import door
from partnerpanel.actions.ban import Ban, LiftBan
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.verb import Verb
from partnerpanel.panel.forms import BanForm, LiftBanForm
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.templatetags.formats import day
from partnerpanel.panel.views.access import OnTarget, evidence_of
from subscriptions.rules.states import Lifecycle


class BanPopup(OnTarget):
    """The customer as a whole: blocked at once, ended, and sold nothing any more."""

    template = "panel/actions/ban.html"

    def form(self, data: Any = None, files: Any = None) -> Form:
        return BanForm(data, files, initial={"invoices": OpenInvoices.KEEP.value})

    def verb(self, form: Form) -> Verb:
        asked = form.cleaned_data
        evidence = evidence_of(asked["evidence_note"], asked.get("evidence_file"))
        return Ban((self.target,), OpenInvoices(asked["invoices"]), asked["reason"], evidence)

    def draft(self, form: Form) -> Verb:
        """Before a reason is given, the mail shows where it will stand."""
        asked: Mapping[str, Any] = form.data if form.is_bound else form.initial
        reason = str(asked.get("reason") or "").strip()[:500]
        void = asked.get("invoices") == OpenInvoices.VOID.value
        return Ban((self.target,), OpenInvoices.VOID if void else OpenInvoices.KEEP, reason or _("(your reason)"))

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Ban %(name)s") % {"name": self.facts.name},
            "subtitle": _("The account and all of its subscriptions."),
            "submit": _("Yes, Ban"),
            "note": _("Lifting the ban does not bring back what has ended"),
        }

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        return shown(quote, moved=moved, summary=" ".join(_summary(quote)))

    def undo_url(self, outcome: door.Outcome) -> str:
        """A ban is lifted, not undone."""
        return ""

    def said(self, outcome: door.Outcome) -> str:
        return _("%(name)s is banned.") % {"name": self.facts.name}


class LiftBanPopup(OnTarget):
    """The customer may come back; what has ended stays ended."""

    permission = Permission.RELEASE_REVIEW

    template = "panel/actions/lift_ban.html"

    def form(self, data: Any = None, files: Any = None) -> Form:
        return LiftBanForm(data)

    def verb(self, form: Form) -> Verb:
        return LiftBan((self.target,), form.cleaned_data["reason"])

    def draft(self, form: Form) -> Verb:
        reason = str(form.data.get("reason") or "").strip()[:500] if form.is_bound else ""
        return LiftBan((self.target,), reason or _("(your reason)"))

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Lift the ban of %(name)s") % {"name": self.facts.name},
            "subtitle": _(
                "It can be sold to again. What has ended stays ended; keep or begin a subscription yourself."
            ),
            "submit": _("Yes, Lift ban"),
        }

    def undo_url(self, outcome: door.Outcome) -> str:
        """Whoever is to be banned again is banned again."""
        return ""

    def said(self, outcome: door.Outcome) -> str:
        return _("The ban of %(name)s is lifted.") % {"name": self.facts.name}


def _summary(quote: Quote) -> list[str]:
    blocked = sum(effect.before == "open" and effect.after == "blocked" for effect in quote.effects)
    parts = []
    if blocked:
        text = ngettext("%(n)d subscription is blocked at once.", "%(n)d subscriptions are blocked at once.", blocked)
        parts.append(text % {"n": blocked})
    parts += [_ending(one) for one in quote.endings]
    parts.append(_("Nothing is sold to this customer, or to another with the same tax id, until the ban is lifted."))
    parts.append(_("Nothing is deleted."))
    return parts


def _ending(one: MoneyPlan) -> str:
    if one.after.lifecycle is Lifecycle.ENDED:
        return _("%(plan)s ends now.") % {"plan": one.before.plan_name}
    words = {"plan": one.before.plan_name, "day": day(one.after.period.ends_on if one.after.period else None)}
    return _("%(plan)s ends on %(day)s, with what is paid.") % words
