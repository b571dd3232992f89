"""What the record keeps of people: their words lie beside the events."""

from __future__ import annotations

from partnerpanel.events.models import Event, EventDetail, Outbox
from partnerpanel.personal.registry import PersonalTable

PERSONAL = (
    PersonalTable(
        Event,
        of="customer_id",
        plain=("kind", "object_type", "actor_kind", "request_id", "data"),
    ),
    PersonalTable(EventDetail, of="event__customer_id", is_deleted=True),
    PersonalTable(Outbox, of="event__customer_id", erased={"last_error": ""}, plain=("consumer",)),
)
