"""Bulk jobs: progress, dry run, confirmation, results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.actions.bulk import control, queries
from partnerpanel.actions.bulk.states import JobState, RowState
from partnerpanel.actions.cancel import Cancel
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.undo import Sort
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse, public
from partnerpanel.offers.queries.survey import exit_reasons
from partnerpanel.panel import export
from partnerpanel.panel.exit_words import reason_texts
from partnerpanel.panel.job_lines import Line, cells
from partnerpanel.panel.job_words import BUTTONS, TITLES, asked_of, how_many, promise_of
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.quote_view import refusal_text
from partnerpanel.panel.templatetags.formats import money_text
from partnerpanel.tenancy.queries import names_of
from subscriptions.queries.catalogue import plan_line

if TYPE_CHECKING:
    from partnerpanel.actions.models import BulkJob

ROWS = 100
HEADINGS = (gettext_lazy("Customer"), gettext_lazy("Before"), gettext_lazy("After"), gettext_lazy("State"))
# What these did can be undone; undoing an undo puts back holds and tags, but books no money a third time.
UNDOABLE = (
    "suspend",
    "reactivate",
    "extend",
    "change_plan",
    "cancel",
    "apply_coupon",
    "tag",
    "set_limit",
    "announce_price",
)


class Jobs(PanelView):
    """The partner's jobs, newest first."""

    permission = Permission.BULK
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        found = queries.jobs(self.visit.partner.pk)
        names = names_of({job.actor_id for job in found if job.actor_id})
        lines = [
            (public("job", job.pk), job, TITLES[job.verb], (job.actor_id and names.get(job.actor_id)) or "")
            for job in found
        ]
        return self.page("panel/jobs/list.html", {"section": "jobs", "jobs": lines})


class Job(PanelView):
    """One job; asked by htmx, only its progress, which reloads the page when the state has changed."""

    permission = Permission.BULK
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, job: str) -> HttpResponse:
        row = queries.job(self.visit.partner.pk, parse("job", job))
        if request.headers.get("HX-Request"):
            response = self.page("panel/jobs/progress.html", self.progress(row, job))
            if request.GET.get("state") != row.state:
                response["HX-Refresh"] = "true"
            return response
        return self.page("panel/jobs/detail.html", self.context(row, job))

    def progress(self, row: BulkJob, job: str) -> dict[str, Any]:
        """What the job component needs."""
        slug = self.visit.partner.slug
        is_preview = row.confirmed_at is None
        looked_at = row.planned + row.refused + row.failed
        worked = row.done + row.skipped + row.failed
        return {
            "job_title": _("Progress") if row.confirmed_at else _("Preview"),
            "job_state": row.state,
            "job_done": looked_at if is_preview else worked,
            "job_total": row.total if is_preview else worked + row.planned,
            "job_failed": row.failed + row.skipped,
            "poll_url": reverse("job", args=[slug, job]) + f"?state={row.state}",
            "pause_url": reverse("job-pause", args=[slug, job]) if row.state == JobState.RUNNING else "",
            "resume_url": reverse("job-resume", args=[slug, job]),
            "cancel_url": reverse("job-cancel", args=[slug, job]),
            "result_url": reverse("job-results", args=[slug, job]) if row.state != JobState.PREVIEWING else "",
        }

    def context(self, row: BulkJob, job: str) -> dict[str, Any]:
        partner_id = self.visit.partner.pk
        exceptions = [
            line
            for state in (RowState.FAILED, RowState.SKIPPED, RowState.REFUSED)
            for line in queries.rows(partner_id, row.pk, limit=ROWS, state=state)
        ]
        acting = RowState.PLANNED if row.state in (JobState.READY, JobState.PREVIEWING) else None
        rows = queries.rows(partner_id, row.pk, limit=ROWS + 1, state=acting)
        names = names_of({row.actor_id} if row.actor_id else set())
        charges = queries.charged(partner_id, [*exceptions, *rows])
        of_subscriptions = any(line.subscription_id for line in rows)
        return {
            "section": "jobs",
            "title": TITLES[row.verb],
            "crumbs": [{"text": _("Bulk jobs"), "url": reverse("jobs", args=[self.visit.partner.slug])}],
            "job": row,
            "job_id": job,
            "actor": names.get(row.actor_id, "") if row.actor_id else _("the system"),
            "asked": asked_of(row, self._named(row)),
            "promise": promise_of(row),
            "how_many": how_many(row.planned, of_subscriptions=of_subscriptions),
            "totals": [_total(one) for one in queries.totals(partner_id, row.pk)],
            "reasons": [
                (reason.rows, reason.state, refusal_text(reason.refusal, reason.message))
                for reason in queries.reasons(partner_id, row.pk)
            ],
            "row_headings": [{"text": text} for text in HEADINGS],
            "rows": [Line.of(line, charges) for line in rows[:ROWS]],
            "has_more": len(rows) > ROWS,
            "exceptions": [Line.of(line, charges) for line in exceptions[:ROWS]],
            "is_ready": row.state == JobState.READY,
            "button": BUTTONS[row.verb],
            "must_type": row.planned > control.TYPED_ABOVE,
            "can_undo": row.state in (JobState.DONE, JobState.CANCELLED) and row.done > 0 and _is_undoable(row),
            **self.progress(row, job),
        }

    def _named(self, row: BulkJob) -> str:
        partner_id = self.visit.partner.pk
        if row.verb == Cancel.name:
            return reason_texts(exit_reasons(partner_id)).get(row.inputs["why"], "")
        return plan_line(partner_id, UUID(row.inputs["plan"])).name if "plan" in row.inputs else ""


def _total(one: queries.Totals) -> dict[str, str]:
    """What the rows of one currency come to, as text."""
    return {
        "due": money_text(one.due) if one.due else "",
        "given_back": money_text(one.given_back) if one.given_back else "",
        "monthly": money_text(one.mrr_after),
        "monthly_before": _("%(amount)s before") % {"amount": money_text(one.mrr_before)},
    }


def _is_undoable(row: BulkJob) -> bool:
    return row.verb in UNDOABLE or (row.verb == "undo" and row.inputs["sort"] != Sort.BILLING)


class JobVerb(PanelView, ABC):
    """One step of a job's life, and back to its page."""

    permission = Permission.BULK
    http_method_names = ["post"]

    def post(self, request: HttpRequest, job: str) -> HttpResponse:
        shown = job
        try:
            shown = self.carry_out(parse("job", job)) or job
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("job", self.visit.partner.slug, shown)

    @abstractmethod
    def carry_out(self, job_id: UUID) -> str | None:
        """Does it; the public id of another job if the person should see that one next."""


class ConfirmJob(JobVerb):
    def carry_out(self, job_id: UUID) -> None:
        typed = self.request.POST.get("typed", "")
        control.confirm(job_id, typed=typed, actor=self.visit.actor, now=self.visit.now)


class PauseJob(JobVerb):
    def carry_out(self, job_id: UUID) -> None:
        control.pause(job_id, actor=self.visit.actor)


class ResumeJob(JobVerb):
    def carry_out(self, job_id: UUID) -> None:
        control.resume(job_id, actor=self.visit.actor, now=self.visit.now)


class CancelJob(JobVerb):
    def carry_out(self, job_id: UUID) -> None:
        control.cancel(job_id, actor=self.visit.actor, now=self.visit.now)


class UndoJob(JobVerb):
    def carry_out(self, job_id: UUID) -> str:
        return public("job", control.undo(job_id, actor=self.visit.actor, now=self.visit.now))


class JobResults(PanelView):
    """Every row with what became of it, as CSV."""

    permission = Permission.BULK
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, job: str) -> HttpResponse:
        row = queries.job(self.visit.partner.pk, parse("job", job))
        header = [
            "customer",
            _("Name"),
            "subscription",
            _("Before"),
            _("After"),
            _("Due now"),
            _("To the balance"),
            _("Currency"),
            _("State"),
            _("Charge"),
            _("Message"),
        ]
        found = list(queries.results(self.visit.partner.pk, row.pk))
        charges = queries.charged(self.visit.partner.pk, found)
        lines = (cells(line, charges) for line in found)
        headers = {"Content-Disposition": f'attachment; filename="{job}.csv"'}
        return HttpResponse(export.csv_text(header, lines), content_type="text/csv; charset=utf-8", headers=headers)
