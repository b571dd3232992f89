"""Bulk jobs as programs see them."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from partnerpanel.actions.bulk.states import JobState
from partnerpanel.actions.models import BulkJob
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown
from partnerpanel.wire.shapes import At, Shape, Whole, constant, id_field, one_of
from partnerpanel.wire.values import instant

STATES = tuple(state.value for state in JobState)


class JobShape(Shape):
    """One verb over many: previewed first (`previewing`, then `ready`), and carried out once it is confirmed."""

    id = id_field("job")
    object = constant("job")
    verb = serializers.CharField()
    state = one_of(STATES)
    total = Whole()
    planned = Whole(help_text="Rows that something is to be done to still.")
    refused = Whole(help_text="Rows that nothing would be done to.")
    done = Whole()
    skipped = Whole(help_text="Changed since the preview, and so left alone.")
    failed = Whole()
    mails = Whole()
    steps = Whole(help_text="Steps at the service.")
    created_at = At()
    confirmed_at = At(allow_null=True)
    finished_at = At(allow_null=True)

    class Meta:
        ref_name = "Job"


def show(_showing: Showing, rows: Sequence[BulkJob]) -> list[Shown]:
    counts = ("total", "planned", "refused", "done", "skipped", "failed", "mails", "steps")
    return [
        {
            "id": public("job", row.pk),
            "object": "job",
            "verb": row.verb,
            "state": row.state,
            **{name: getattr(row, name) for name in counts},
            "created_at": instant(row.created_at),
            "confirmed_at": instant(row.confirmed_at),
            "finished_at": instant(row.finished_at),
        }
        for row in rows
    ]


JOBS = Resource(
    name="jobs",
    kind="job",
    prefix="job",
    shape=JobShape,
    rows=BulkJob.objects.for_partner,
    show=show,
    filters={"state": filters.word("state", STATES), **filters.between("created", "created_at")},
)
