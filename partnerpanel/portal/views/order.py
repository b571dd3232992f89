"""An order: its address is proved, it is looked at once more, ordered, and followed to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from billing.rules.changes.refusals import CannotChange
from billing.services.confirmation import Outcome
from notifications.sign_ins.desk import Entered, Entry
from partnerpanel.actions.checkout import cards, desk, proving
from partnerpanel.actions.checkout.desk import CheckoutOver
from partnerpanel.actions.checkout.offers import LinkOver
from partnerpanel.actions.checkout.quoting import OrderMoved, amounts_of, moved_between, needs_card
from partnerpanel.actions.checkout.settle import MOVED, settle
from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.languages import written_language
from partnerpanel.portal.buy_forms import OrderForm
from partnerpanel.portal.entry_forms import CodeForm, LinkForm
from partnerpanel.portal.order_words import moved_rows, told
from partnerpanel.portal.orders import CHECKOUT, OrderView, remember
from partnerpanel.portal.refusals import refusal_of, text_of
from partnerpanel.tenancy.scope import tenant
from partnerpanel.tenancy.visitors import client_address

if TYPE_CHECKING:
    from partnerpanel.actions.checkout.models import Checkout

SHOWN = "portal-order-shown"
ENTERING, MAILS = 60, 5


class Order(OrderView):
    """GET says how far it is; POST orders what was shown."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        partner_id = self.partner.pk
        with tenant(partner_id):
            row = self.row()
            if not self.is_mine(row):
                return self._code_page(row)
            ways = cards.ways_of(row)
        form = OrderForm(request.POST, has_terms=bool(row.link.terms_url))
        if not form.is_valid():
            return self._page(form=form, status=422)
        on_file = ways.on_file.id if ways.on_file and request.POST.get("pay") == "on_file" else None
        try:
            desk.order(
                partner_id,
                self.order_id,
                shown=_shown(request.POST.get("shown", "")),
                method_id=on_file,
                terms_url=row.link.terms_url,
                now=self.now,
            )
            settle(partner_id, self.order_id, now=self.now)
        except OrderMoved as error:
            return self._page(moved=moved_rows(error.moved), status=error.status)
        except NotFound:
            raise
        except (LinkOver, CheckoutOver):
            return self.page("offer_over", {}, status=410)
        except DomainError as error:
            return self._page(
                reason=text_of(str(error.details.get("reason") or error.code), refusal_of(error)), status=error.status
            )
        with tenant(partner_id):
            row = self.row()
        if row.state == CheckoutState.PAYING and row.subscription_id is None:
            return self.go("portal-order-card", public(CHECKOUT, self.order_id))
        return self.to_order()

    def _page(self, *, form: OrderForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
        with tenant(self.partner.pk):
            row = self.row()
            if not self.is_mine(row):
                return self._code_page(row)
            if row.state == CheckoutState.OPEN:
                return self._to_confirm(row, form, status, **more)
        if row.state == CheckoutState.PAYING:
            return self._waiting(row)
        if row.state == CheckoutState.COMPLETED:
            return self._done(row)
        return self.page("offer_over", {"link": row.link.key}, status=410)

    def _code_page(self, row: Checkout) -> HttpResponse:
        if row.state in (CheckoutState.EXPIRED, CheckoutState.ABANDONED):
            return self.page("offer_over", {}, status=410)
        return self.page("order_code", {"form": CodeForm(), "order": public(CHECKOUT, self.order_id)})

    def _to_confirm(
        self,
        row: Checkout,
        form: OrderForm | None,
        status: int,
        *,
        moved: list[dict[str, str]] | None = None,
        reason: str = "",
    ) -> HttpResponse:
        """What holds now, in the open scope; what differs from what was shown before stands beside it."""
        plan, ways = None, cards.ways_of(row)
        try:
            plan = desk.planned(row, now=self.now)
            if plan.refusal is not None:
                reason = reason or text_of(plan.refusal.code, plan.refusal.message)
        except CannotChange as error:
            reason = reason or text_of(error.reason, error.message)
        if moved is None and row.refusal == MOVED and plan is not None:
            moved = moved_rows(moved_between(row.agreed, plan))
        is_good = plan is not None and plan.refusal is None
        wants_card = plan is not None and needs_card(plan, row.link)
        context = {
            "order": public(CHECKOUT, self.order_id),
            "row": row,
            "plan": plan,
            "total": told(plan, trial_days=row.link.trial_days) if plan else {},
            "shown": signing.dumps(amounts_of(plan), salt=SHOWN) if plan else "",
            "moved": moved,
            "reason": reason,
            "form": form or OrderForm(has_terms=bool(row.link.terms_url)),
            "is_good": is_good,
            "wants_card": wants_card,
            "card": ways.on_file if wants_card else None,
            "can_pay": not wants_card or ways.at_gateway or ways.test_cards or ways.on_file is not None,
        }
        return self.page("order", context, status=status)

    def _waiting(self, row: Checkout) -> HttpResponse:
        """A card or a payment is awaited: how that stands, and what to do about it."""
        with tenant(self.partner.pk):
            charge = cards.charge_of_order(row)
        outcome = Outcome.KEPT if charge is None else cards.stands(row, charge)
        context = {
            "order": public(CHECKOUT, self.order_id),
            "outcome": outcome.value,
            "is_ordered": row.subscription_id is not None,
        }
        answer = self.page("order_waiting", context)
        if outcome is Outcome.CHECKING and row.subscription_id is not None:
            answer["Refresh"] = f"5;url={self.at('portal-order-back', public(CHECKOUT, self.order_id))}"
        return answer

    def _done(self, row: Checkout) -> HttpResponse:
        with tenant(self.partner.pk):
            found = desk.bought(row, now=self.now)
        return self.page("order_done", {"row": row, "bought": found})


class _Proving(OrderView):
    http_method_names = ["post"]

    def proved(self, entered: Entered, form: Any, template: str) -> HttpResponse:
        """On with the order in this browser, or what was wrong."""
        if entered.entry is Entry.RIGHT:
            answer = self.to_order()
            remember(answer, self.request, self.partner, self.order_id)
            return answer
        if entered.entry is Entry.GONE:
            form.add_error("code", _("This code no longer works. Have another mail sent."))
        else:
            text = _("This code is wrong or no longer valid. Tries left: %(n)s.")
            form.add_error("code", text % {"n": entered.tries_left})
        return self.page(template, {"form": form, "order": public(CHECKOUT, self.order_id)}, status=422)


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class OrderCode(_Proving):
    """The code of the mail."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        self.limit("entering", client_address(request), ENTERING)
        if not form.is_valid():
            return self.page("order_code", {"form": form, "order": public(CHECKOUT, self.order_id)}, status=422)
        entered = proving.by_code(self.partner.pk, self.order_id, form.cleaned_data["code"], now=self.now)
        return self.proved(entered, form, "order_code")


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class OrderLink(_Proving):
    """GET changes nothing, so a mail scanner may follow the link; POST uses it up."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("order_link", {"form": LinkForm(), "order": public(CHECKOUT, self.order_id)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LinkForm(request.POST)
        self.limit("entering", client_address(request), ENTERING)
        if not form.is_valid():
            return self.page("order_link", {"form": form, "order": public(CHECKOUT, self.order_id)}, status=422)
        entered = proving.by_link(self.partner.pk, self.order_id, form.cleaned_data["code"], now=self.now)
        return self.proved(entered, form, "order_link")


class OrderMail(OrderView):
    """Sends link and code again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        with tenant(self.partner.pk):
            row = self.row()
        self.limit("mails", row.email.casefold(), MAILS)
        proving.ask(self.partner.pk, self.order_id, language=written_language())
        return self.to_order(said="order-mailed")


def _shown(token: str) -> dict[str, str]:
    """The amounts that the page showed; none where it did not come from here, and those differ from any."""
    try:
        return dict(signing.loads(token, salt=SHOWN))
    except (signing.BadSignature, ValueError):
        return {}
