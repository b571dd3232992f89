"""Leaving in three screens at most: why (which may be left out), one offer, what happens; and keeping the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.rules.changes.cancelling import CancelReason, CancelWhen, runs
from partnerpanel.actions import door, leaving
from partnerpanel.actions.cancel import Cancel, Keep
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Quote
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.ids import parse, public
from partnerpanel.languages import written_language
from partnerpanel.offers.queries.made import MadeOffer, made_offer, open_offer
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.offers.rules.offers import Moment, OfferKind
from partnerpanel.offers.rules.survey import OTHER, PRODUCTS, Reason
from partnerpanel.portal.confirming import Confirm
from partnerpanel.portal.offer_words import offered_text
from partnerpanel.portal.quote_words import shown
from partnerpanel.portal.words import day
from partnerpanel.tenancy.scope import tenant

REASONS: Mapping[str, Any] = {
    CancelReason.TOO_EXPENSIVE.value: gettext_lazy("Too expensive"),
    CancelReason.MISSING_FEATURES.value: gettext_lazy("Something is missing"),
    CancelReason.SWITCHED_SERVICE.value: gettext_lazy("I go to another service"),
    CancelReason.UNUSED.value: gettext_lazy("I do not use it"),
    CancelReason.CUSTOMER_SERVICE.value: gettext_lazy("Unhappy with the support"),
    CancelReason.LOW_QUALITY.value: gettext_lazy("Unhappy with the quality"),
    CancelReason.TOO_COMPLEX.value: gettext_lazy("Too complicated"),
}
NO_ANSWER = "skip"


class CancelIt(Confirm):
    """With its period; where none runs that is paid, now.

    What is answered is sent and never stands in an address. An answer is followed by the offer that it calls for, if
    any, and that by what cancelling does; nothing is cancelled before this is confirmed.
    """

    permission = Permission.CANCEL
    section = "plan"
    template = "cancel"
    title = gettext_lazy("Cancel")
    submit = gettext_lazy("Yes, Cancel")
    danger = True
    done = "cancelled"

    def post(self, request: HttpRequest, subscription: str) -> HttpResponse:
        asked = request.POST
        if asked.get("quote") or not asked.get("why"):
            return super().post(request, subscription)
        self.find(subscription)
        if asked.get("anyway"):
            return self._page(asked)
        reason = leaving.answer(self.target, self._code(asked), actor=self.visit.actor, now=self.now)
        found = leaving.offer_for(self.target, reason, actor=self.visit.actor, now=self.now)
        return self._page(asked) if found is None else self._offer(*found, asked)

    def _offer(self, offer_id: Any, quote: Quote, asked: Mapping[str, str]) -> HttpResponse:
        with tenant(self.partner.pk):
            made = made_offer(self.partner.pk, offer_id)
            told = offered_text(self.partner.pk, made, self.holding)
        context = {
            "title": _("Before you go"),
            "holding": self.holding,
            "offered": told,
            "submit": TAKE[made.offer.kind],
            "quote": shown(quote, summary=told),
            "token": quote.token,
            "take_url": self.at("portal-offer", self.holding.id),
            "taken": {"offer": public("mof", offer_id)},
            "fields": self.fields(asked),
        }
        return self.page("offer", context)

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        if not asked.get("why"):
            return None
        return Cancel((self.target,), self._when(), self._code(asked), asked.get("note", "")[:500])

    def _code(self, asked: Mapping[str, str]) -> str:
        why = asked.get("why", "")
        if why in PRODUCTS:
            return why
        return why if why != NO_ANSWER and any(one.code == why for one in self._reasons()) else OTHER

    def _reasons(self) -> tuple[Reason, ...]:
        with tenant(self.partner.pk):
            return exit_reasons(self.partner.pk)

    def _when(self) -> CancelWhen:
        facts = self.holding.facts
        if facts is None or facts.term is None or facts.cancel_at_period_end or not runs(facts, self.now):
            return CancelWhen.NOW
        return CancelWhen.PERIOD_END

    def fields(self, asked: Mapping[str, str]) -> dict[str, str]:
        return {"why": asked.get("why", ""), "note": asked.get("note", "")[:500]}

    def summary(self) -> str:
        if self._when() is CancelWhen.NOW:
            return _("It ends now: access closes, and nothing is charged any more.")
        text = _("It ends on %(day)s and is not renewed. Until then everything works, and you can keep it after all.")
        return text % {"day": day(self.holding.line.term_ends_on)}

    def extra(self) -> dict[str, Any]:
        if (self.request.POST or self.request.GET).get("why"):
            return {}  # it was answered
        language = written_language()
        texts = [(one.code, one.label(language) or REASONS.get(one.code)) for one in self._reasons() if one.is_on]
        # What stands for every other reason is what no answer means, unless the partner gave it words of its own.
        return {"reasons": [(code, text) for code, text in texts if text], "no_answer": NO_ANSWER}

    def said(self, outcome: door.Outcome) -> str:
        return "ended" if self._when() is CancelWhen.NOW else self.done


class TakeIt(Confirm):
    """The offer that was shown, as it was shown."""

    permission = Permission.CANCEL
    section = "plan"
    title = gettext_lazy("Before you go")
    submit = gettext_lazy("Yes, Take the offer")
    done = "offer-taken"
    made: MadeOffer | None = None

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        chosen = asked.get("offer", "")
        if not chosen:
            return None
        with tenant(self.partner.pk):
            self.made = made_offer(self.partner.pk, parse("mof", chosen))
        return TakeOffer((self.target,), self.made.id)

    def fields(self, asked: Mapping[str, str]) -> dict[str, str]:
        return {"offer": asked.get("offer", "")}

    def summary(self) -> str:
        if self.made is None:
            return ""
        with tenant(self.partner.pk):
            return offered_text(self.partner.pk, self.made, self.holding)


class KeepIt(Confirm):
    """It goes on after all."""

    permission = Permission.CANCEL
    section = "plan"
    title = gettext_lazy("Keep my plan")
    submit = gettext_lazy("Yes, Keep my plan")
    done = "kept-on"

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        return Keep((self.target,))

    def summary(self) -> str:
        return _("It does not end: it goes on and renews as before.")


class StayIt(Confirm):
    """What was cancelled is kept, with what the mail before the end has offered; without an offer, as it was."""

    permission = Permission.CANCEL
    section = "plan"
    title = gettext_lazy("Keep my plan")
    submit = gettext_lazy("Yes, Keep my plan")
    done = "offer-taken"
    made: MadeOffer | None

    def look_up(self) -> None:
        self.made = open_offer(self.partner.pk, self.holding.line.id, Moment.BEFORE_END)

    def get(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        if self.made is None or not self.holding.line.cancel_at_period_end:
            if self.holding.may_return:
                return self.go("portal-return", self.holding.id)
            cancels = self.holding.line.cancel_at_period_end
            return self.go("portal-keep", self.holding.id) if cancels else self.go("portal-plan")
        return self._page(request.GET)

    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        return TakeOffer((self.target,), self.made.id) if self.made else None

    def summary(self) -> str:
        if self.made is None:
            return ""
        with tenant(self.partner.pk):
            return offered_text(self.partner.pk, self.made, self.holding)


# The button says what it does.
TAKE: Mapping[OfferKind, Any] = {
    OfferKind.COUPON: gettext_lazy("Yes, Stay for less"),
    OfferKind.PAUSE: gettext_lazy("Yes, Pause"),
    OfferKind.PLAN: gettext_lazy("Yes, Change the plan"),
}
