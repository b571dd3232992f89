"""Pages that show what a verb would do and do it: the quote is signed, and what is confirmed is what was shown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from billing.charging.states import AttemptStatus
from billing.rules.changes.outcome import ChangeCaution
from partnerpanel.actions import door
from partnerpanel.actions.quote import Quote, QuoteExpired
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.languages import spoken
from partnerpanel.portal.holding import Holding, holdings
from partnerpanel.portal.page import PortalView
from partnerpanel.portal.quote_words import shown
from partnerpanel.portal.refusals import refusal_of, text_of
from partnerpanel.tenancy.scope import tenant


class OfSubscription(PortalView):
    """A page about one subscription of the customer; another's is answered like none."""

    holding: Holding

    @property
    def target(self) -> Target:
        return Target(self.visit.customer_id, self.holding.line.id)

    def which(self, named: str) -> UUID:
        """The subscription that the address names, in the open scope. Raises NotFound."""
        return parse("sub", named)

    def find(self, named: str) -> None:
        """Raises NotFound."""
        with tenant(self.partner.pk):
            id_ = self.which(named)
            found, self.card = holdings(self.partner.pk, self.visit.customer_id, now=self.now, only=id_)
            held = next(iter(found), None)
            if held is None:
                raise NotFound("There is no such subscription.")
            self.holding = held
            self.look_up()

    def look_up(self) -> None:
        """Reads what else the page needs, in the open scope."""


class Confirm(OfSubscription, ABC):
    """GET shows the quote; POST confirms it. What was chosen stands in the address, so that no script is needed."""

    http_method_names = ["get", "head", "post"]
    template: ClassVar[str] = "confirm"
    title: ClassVar[Any]
    submit: ClassVar[Any]
    danger: ClassVar[bool] = False
    done: ClassVar[str]
    back: ClassVar[str] = "portal-plan"
    quoted: Quote | None = None

    @abstractmethod
    def verb(self, asked: Mapping[str, str]) -> Verb | None:
        """What was asked for; None where nothing is chosen yet. Raises NotFound."""

    def fields(self, asked: Mapping[str, str]) -> dict[str, str]:
        """What the form carries on, besides the quote."""
        return {}

    def summary(self) -> str:
        """What happens, in a sentence."""
        return ""

    def extra(self) -> dict[str, Any]:
        """What else the template shows."""
        return {}

    def get(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        return self._page(request.GET)

    def post(self, request: HttpRequest, subscription: str) -> HttpResponse:
        self.find(subscription)
        verb = self.verb(request.POST)
        if verb is None:
            return self._page(request.POST, status=422)
        try:
            cited = request.POST.get("quote", "")
            outcome = door.commit(verb, quote=cited, actor=self.visit.actor, now=self.now)
        except door.FactsMoved as error:
            return self._page(request.POST, quote=error.quote, moved=error.differences, status=error.status)
        except QuoteExpired as error:
            return self._page(request.POST, reason=refusal_of(error), status=error.status)
        except NotFound:
            raise
        except DomainError as error:
            return self._page(request.POST, reason=refusal_of(error), status=error.status)
        return self.go(self.back, said=self.said(outcome))

    def said(self, outcome: door.Outcome) -> str:
        """The code of what the next page says: how a charge ended comes first."""
        statuses = set(outcome.charges.values())
        if AttemptStatus.DECLINED in statuses:
            return "declined"
        if statuses - {AttemptStatus.SUCCEEDED}:
            return "being-checked"
        return self.done

    def _page(
        self,
        asked: Mapping[str, str],
        *,
        quote: Quote | None = None,
        moved: tuple[Any, ...] = (),
        reason: str = "",
        status: int = 200,
    ) -> HttpResponse:
        verb = self.verb(asked)
        if verb is not None and quote is None:
            try:
                quote = door.preview(verb, actor=self.visit.actor, now=self.now)
            except NotFound:
                raise
            except DomainError as error:
                reason = reason or refusal_of(error)
        self.quoted = quote
        if quote is not None and quote.is_refused:
            reason = reason or text_of(quote.refusals[0].code, spoken(quote.refusals[0].message))
        needs_card = quote is not None and ChangeCaution.NO_CARD in quote.warnings
        context = {
            "title": self.title,
            "submit": self.submit,
            "danger": self.danger,
            "holding": self.holding,
            "quote": shown(quote, summary=self.summary() or _("This is what happens:"), moved=moved)
            if quote and not quote.is_refused
            else None,
            "token": quote.token if quote and not quote.is_refused else "",
            "is_refused": quote is not None and quote.is_refused,
            "needs_card": needs_card,
            "fields": self.fields(asked),
            "reason": reason,
            "back_url": self.at(self.back),
            **self.extra(),
        }
        return self.page(self.template, context, status=status)
