"""Events as programs see them: ids and enumerations, and never a person's words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rest_framework import serializers

from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import public
from partnerpanel.wire import filters
from partnerpanel.wire.resources import Resource, Showing, Shown, of_kind
from partnerpanel.wire.shapes import At, Shape, Whole, anything, constant, id_field, one_of, ref_field
from partnerpanel.wire.values import instant, ref

ACTORS = ("user", "key", "system", "customer")


class EventShape(Shape):
    """One change of one object. `sequence` counts the object's changes without a gap; `action` ties together what was
    done at once."""

    id = id_field("evt")
    object = constant("event")
    type = serializers.CharField(help_text="Such as subscription.renewed.")
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    sequence = Whole()
    customer = ref_field("cus", "Customer", nullable=True)
    action = id_field("act")
    actor = one_of(ACTORS)
    data = anything("What else the event says, by name.")  # type: ignore[assignment]
    occurred_at = At(help_text="The partner’s business time.")
    recorded_at = At(help_text="When it was written down.")

    class Meta:
        ref_name = "Event"


def show(_showing: Showing, rows: Sequence[Event]) -> list[Shown]:
    return [
        {
            "id": public("evt", row.pk),
            "object": "event",
            "type": row.kind,
            "object_type": row.object_type,
            "object_id": public_object_id(row.object_type, row.object_id),
            "sequence": row.sequence,
            "customer": ref("cus", row.customer_id),
            "action": public("act", row.action_id),
            "actor": row.actor_kind,
            "data": row.data,
            "occurred_at": instant(row.occurred_at),
            "recorded_at": instant(row.recorded_at),
        }
        for row in rows
    ]


def public_object_id(kind: str, id_: UUID) -> str:
    """As its resource shows it; of a kind that programs do not see, a plain UUID."""
    found = of_kind(kind)
    return public(found.prefix, id_) if found else str(id_)


def action_of(partner_id: UUID, event_id: UUID) -> UUID:
    """The action that an event belongs to, in the open scope. Raises NotFound."""
    found: UUID | None = (
        Event.objects.for_partner(partner_id).filter(pk=event_id).values_list("action_id", flat=True).first()
    )
    if found is None:
        raise NotFound("There is no such event.", field="id")
    return found


EVENTS = Resource(
    name="events",
    kind="event",
    prefix="evt",
    shape=EventShape,
    rows=Event.objects.for_partner,
    show=show,
    filters={
        "customer": filters.by_id("customer_id", "cus", "customer"),
        "type": filters.text(lambda rows, text: rows.filter(kind=text), "Of this type."),
        "object_type": filters.text(lambda rows, text: rows.filter(object_type=text), "About this kind of object."),
        "action": filters.by_id("action_id", "act", "action"),
        **filters.between("occurred", "occurred_at"),
    },
    refs={"customer": "customers"},
)
