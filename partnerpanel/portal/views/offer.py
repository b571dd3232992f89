"""The page of an offer: what is sold, what it costs here, and who buys it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from partnerpanel.actions.checkout import desk, proving
from partnerpanel.actions.checkout.desk import Visitor
from partnerpanel.actions.checkout.offers import LinkOver, Offer, offer_at
from partnerpanel.actions.checkout.quoting import Wanted, plan_for_customer, plan_for_stranger
from partnerpanel.actions.money_plan import MoneyPlan
from partnerpanel.actions.permission import Permission, may
from partnerpanel.actions.portal_access import actor_of
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import public, uuid7
from partnerpanel.languages import spoken, spoken_language, written_language
from partnerpanel.portal.buy_forms import BuyForm, wanted_from
from partnerpanel.portal.order_words import allowances, headline, told
from partnerpanel.portal.orders import BuyingView, remember
from partnerpanel.portal.refusals import refusal_of, text_of
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.visitors import client_address

SALT = "portal-order"
# Orders that one address begins, and one partner's visitors together, in a quarter of an hour.
FROM_ONE, OF_ALL, MAILS = 20, 500, 5


class Buy(BuyingView):
    """GET shows the offer with what it comes to; POST counts anew, or writes an order down that can be gone on with."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, link: str) -> HttpResponse:
        return self._page(link)

    def post(self, request: HttpRequest, link: str) -> HttpResponse:
        # The script that keeps the total current also sends the button that was pressed meanwhile.
        if request.POST.get("do") != "order" or request.htmx:  # type: ignore[attr-defined]
            return self._page(link)
        self.refuse_frozen()
        self.limit("order", client_address(request), FROM_ONE)
        self.limit("orders", "all", OF_ALL)
        with tenant(self.partner.pk):
            offer, currency = self._offer(link)
        form = self._form(request.POST, offer, currency)
        form.is_valid()
        if form.cleaned_data.get("website"):
            form.add_error("website", _("Leave this field empty."))
        if form.errors:
            return self._page(link, form=form, status=422)
        try:
            return self._begin(form, offer, currency)
        except DomainError as error:
            if isinstance(error, NotFound):
                raise
            form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
            return self._page(link, form=form, status=error.status)

    def _begin(self, form: BuyForm, offer: Offer, currency: str) -> HttpResponse:
        request, partner_id, customer = self.request, self.partner.pk, self.customer
        wanted = wanted_from(form.cleaned_data, offer, currency=currency, country=self.partner.country)
        if customer is None:
            self.limit("mails", form.cleaned_data["email"].casefold(), MAILS)
        visitor = Visitor(client_address(request), request.headers.get("User-Agent", ""), spoken_language())
        with tenant(partner_id):
            plan = self._plan(offer, wanted)
            if plan.refusal is not None:
                field = plan.refusal.field if plan.refusal.field in form.fields else None
                form.add_error(field, text_of(plan.refusal.code, spoken(plan.refusal.message)))
                return self._page(offer.link.key, form=form, status=422, is_open=True)
            is_new = desk.start(
                partner_id,
                id_ := _id_of(request.POST.get("order", "")),
                offer,
                wanted,
                name=form.cleaned_data.get("name", ""),
                email=form.cleaned_data.get("email", ""),
                customer_id=customer,
                visitor=visitor,
                now=self.now,
            )
            is_proved = desk.find(partner_id, id_).proved_at is not None
        if is_new and not is_proved:
            proving.ask(partner_id, id_, language=written_language())
        answer = self.go("portal-order", public("chk", id_))
        if is_new and is_proved:
            remember(answer, request, self.partner, id_)
        return answer

    @property
    def customer(self) -> UUID | None:
        """Who is signed in and may buy for the account."""
        if self.visitor is None or not may(actor_of(self.partner.pk, self.visitor), Permission.CHANGE_PLAN):
            return None
        return self.visitor.customer_id

    def _offer(self, link: str) -> tuple[Offer, str]:
        wanted = (self.request.POST or self.request.GET).get("currency", self.partner.currency)
        return offer_at(self.partner.pk, link, currency=wanted, now=self.now)

    def _plan(self, offer: Offer, wanted: Wanted) -> MoneyPlan:
        """In the open scope."""
        if self.customer is None:
            return plan_for_stranger(self.partner.pk, offer.link, wanted, now=self.now)
        return plan_for_customer(offer.link, wanted, self.customer, now=self.now)

    def _form(self, data: Any, offer: Offer, currency: str, **more: Any) -> BuyForm:
        return BuyForm(data, offer=offer, currency=currency, signed_in=self.customer is not None, **more)

    def _page(
        self, link: str, *, form: BuyForm | None = None, status: int = 200, is_open: bool = False
    ) -> HttpResponse:
        try:
            if is_open:
                return self._shown(link, form, status)
            with tenant(self.partner.pk):
                return self._shown(link, form, status)
        except LinkOver:
            return self.page("offer_over", {}, status=410)

    def _shown(self, link: str, form: BuyForm | None, status: int) -> HttpResponse:
        offer, currency = self._offer(link)
        said = self.request.POST or self.request.GET
        wanted = wanted_from(said, offer, currency=currency, country=self.partner.country)
        plan, reason = None, ""
        try:
            plan = self._plan(offer, wanted)
            reason = text_of(plan.refusal.code, spoken(plan.refusal.message)) if plan.refusal else ""
        except DomainError as error:
            reason = refusal_of(error)
        if form is None:
            start = {
                "email": offer.link.email,
                "quantity": wanted.quantity,
                "coupon": wanted.coupon,
                "country": wanted.country,
            }
            typed = {name: said[name] for name in said if name not in ("do", "order", "website")}
            form = self._form(None, offer, currency, initial=start | typed | {"currency": currency})
        context = {
            "offer": offer,
            "form": form,
            "headline": headline(offer, currency),
            "allowances": allowances(offer),
            "total": told(plan, trial_days=offer.link.trial_days) if plan else {},
            "reason": reason,
            "order": said.get("order") or signing.dumps(uuid7().hex, salt=SALT),
            "is_trapped": "website" in form.errors,
            "may_not": self.visitor is not None and self.customer is None,
            "is_signed_in": self.customer is not None,
        }
        return self.page("buy", context, status=status)


def _id_of(token: str) -> UUID:
    """The id that the form was given, so that a form which is sent twice is one order."""
    try:
        return UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError):
        return uuid7()
