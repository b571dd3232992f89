"""The test mode: its clock, what happened while it moved, an example to watch, and an empty beginning."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.queries.facts import identities
from partnerpanel.actions import test_mode
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.test_mode_forms import PRESETS, STEPS, AdvanceForm, ExampleForm, ResetForm
from partnerpanel.panel.test_mode_words import days_of
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.queues.advance import InvalidAdvance
from partnerpanel.story.begin import Scene
from partnerpanel.story.runs import newest_run
from partnerpanel.story.told import telling
from partnerpanel.tenancy.scope import tenant

LINES = 200
# How long one request moves the clock; what is left is gone on with by the page.
SECONDS = 2.5
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class TestMode(PanelView):
    """The clock and the story; for a live partner, what a test mode is and the way into it."""

    http_method_names = ["get", "head"]
    __test__ = False

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.visit.partner.is_test:
            return self.page("panel/test_mode/closed.html", {"section": "test-mode"})
        return self.clock_page(AdvanceForm())

    def clock_page(self, form: AdvanceForm, *, refused: str = "", status: int = 200) -> HttpResponse:
        """In the open scope."""
        run = newest_run(self.visit.partner.pk)
        context = {"section": "test-mode", "run": run, "steps": _steps(), "form": form, "refused": refused}
        since = run.from_at if run else BEGINNING
        return self.page("panel/test_mode/clock.html", {**context, **self._story(since)}, status=status)

    def _story(self, newest: datetime) -> dict[str, Any]:
        query, partner_id = self.request.GET, self.visit.partner.pk
        is_whole = query.get("of") == "all"
        customer_id, customer = self._customer(query.get("customer", ""))
        since = BEGINNING if is_whole else newest
        try:
            after = UUID(query.get("after", "")) if query.get("after") else None
        except ValueError:
            after = None
        told = telling(partner_id, since, customer_id=customer_id, after=after, limit=LINES)
        return {
            "days": days_of(told.happenings, zone=self.visit.zone),
            "customer": customer,
            "tabs": [
                {"text": _("Last move"), "url": _query("", customer_id), "current": not is_whole},
                {"text": _("From the beginning"), "url": _query("all", customer_id), "current": is_whole},
            ],
            "all_url": _query("all" if is_whole else "", None),
            "of": "all" if is_whole else "",
            "next_url": told.next and _query("all" if is_whole else "", customer_id, told.next),
            "first_url": after and _query("all" if is_whole else "", customer_id),
        }

    def _customer(self, wanted: str) -> tuple[UUID | None, str]:
        """Whom the story is narrowed to; a customer who is not there narrows nothing."""
        try:
            customer_id = parse("cus", wanted) if wanted else None
        except NotFound:
            return None, ""
        found = identities(self.visit.partner.pk, [customer_id] if customer_id else [])
        return (customer_id, found[customer_id].name) if customer_id in found else (None, "")


class OpenTestMode(PanelView):
    """Makes the test mode when it is first asked for, and leads there."""

    permission = Permission.RUN_TEST_MODE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        twin = test_mode.open_test_mode(actor=self.visit.actor, now=self.visit.now)
        return redirect("test-mode", twin.slug)


class AdvanceClock(TestMode):
    """Moves the clock for a moment; the page goes on with what is left. A refusal stands at its field."""

    permission = Permission.RUN_TEST_MODE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AdvanceForm(request.POST)
        if not self.visit.partner.is_test:
            raise test_mode.NotInTestMode(_("Only the test mode has a clock. Open the test mode first."))
        if not form.is_valid():
            refused = _("Choose how far the clock shall move.") if "by" in form.errors else ""
            return self._again(form, refused=refused, status=422)
        try:
            test_mode.advance(to=self._instant(form), actor=self.visit.actor, seconds=SECONDS)
        except InvalidAdvance as error:
            form.add_error("to", error.message)
            return self._again(form, status=error.status)
        except DomainError as error:
            return self._again(form, refused=error.message, status=error.status)
        return redirect("test-mode", self.visit.partner.slug)

    def _instant(self, form: AdvanceForm) -> datetime:
        if form.cleaned_data["by"] != "next":
            return form.instant(self.visit.now, self.visit.zone)
        found = test_mode.next_event(actor=self.visit.actor)
        if found is None:
            raise InvalidAdvance(_("Nothing is due any more. Begin an example, or choose a day."), field="to")
        return found

    def _again(self, form: AdvanceForm, *, refused: str = "", status: int) -> HttpResponse:
        with tenant(self.visit.partner.pk):
            return self.clock_page(form, refused=refused, status=status)


class GoOn(PanelView):
    """One more slice of the move that is under way; asked by the page until the clock is there."""

    permission = Permission.RUN_TEST_MODE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        run = test_mode.go_on(actor=self.visit.actor, seconds=SECONDS)
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("test-mode", self.visit.partner.slug)
        response = self.page_in_scope("panel/test_mode/progress.html", {"run": run})
        if run is None or run.is_finished:
            response["HX-Refresh"] = "true"
        return response


class StopClock(PanelView):
    """The clock stays where it stands."""

    permission = Permission.RUN_TEST_MODE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        test_mode.stop(actor=self.visit.actor)
        messages.success(request, _("The clock stands."))
        return redirect("test-mode", self.visit.partner.slug)


class _OnTestMode(MoneyPopup):
    permission = Permission.RUN_TEST_MODE
    section = "test-mode"

    def prepare(self, address: Any) -> None:
        if not self.visit.partner.is_test:
            raise test_mode.NotInTestMode(_("Only the test mode has a clock. Open the test mode first."))

    def back_url(self) -> str:
        return reverse("test-mode", args=[self.visit.partner.slug])


class ExamplePopup(_OnTestMode):
    """A customer with a subscription, to watch."""

    def form(self, data: Any = None) -> Form:
        return ExampleForm(data)

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _(
                "A customer is made with a monthly subscription that begins now, by the clock. Then move the clock: "
                "renewals, declines, mails and suspensions happen as they would for a real customer."
            ),
            "warnings": [],
            "no_mail": _("Mails are written and kept here; nobody receives them."),
        }

    def carry_out(self, form: Form) -> str:
        card, preset = form.cleaned_data["card"], form.cleaned_data["preset"]
        labels = dict(form.fields["card"].choices)  # type: ignore[attr-defined]
        name = f"{labels[card]} ({str(dict(PRESETS)[preset]).split(':')[0]})"
        test_mode.begin_example(Scene(card, preset, name), actor=self.visit.actor)
        return _("“%(name)s” has begun. Now move the clock.") % {"name": name}

    def words(self) -> dict[str, Any]:
        return {"title": _("Begin an example"), "submit": _("Begin the example")}


class ResetPopup(_OnTestMode):
    """Everything in the test mode goes."""

    def form(self, data: Any = None) -> Form:
        return ResetForm(data)

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _(
                "Every customer, subscription, invoice, mail and event of this test mode is deleted for good, and its "
                "clock is set to the present. Your live customers are not touched. To confirm, type: %(name)s"
            )
            % {"name": self.visit.partner.slug},
            "warnings": [_("This cannot be undone.")],
        }

    def carry_out(self, form: Form) -> str:
        test_mode.reset(typed=form.cleaned_data["typed"], actor=self.visit.actor)
        return _("The test mode is empty.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Reset the test data"), "submit": _("Yes, Delete the test data"), "danger": True}


def _steps() -> list[tuple[str, Any]]:
    return [(name, text) for name, (text, _step) in STEPS.items()]


def _query(of: str, customer_id: UUID | None, after: UUID | None = None) -> str:
    pairs = {"of": of, "customer": public("cus", customer_id) if customer_id else "", "after": str(after or "")}
    return "?" + urlencode({key: value for key, value in pairs.items() if value})
