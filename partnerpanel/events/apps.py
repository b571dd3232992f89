from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "partnerpanel.events"
    verbose_name = "Events"

    def ready(self) -> None:
        from partnerpanel.events.desk import DESK
        from partnerpanel.events.invariants import OUTBOX
        from partnerpanel.events.models import Outbox
        from partnerpanel.events.outbox import drain_outbox
        from partnerpanel.events.personal import PERSONAL
        from partnerpanel.events.representations import EVENTS
        from partnerpanel.invariants import registry as invariants
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import parked
        from partnerpanel.queues.registry import Queue, register
        from partnerpanel.wire import resources

        register(Queue(name="outbox", model=Outbox, workers="default", drain=drain_outbox, prefix="out"))
        parked.register(DESK)
        invariants.register(OUTBOX)
        resources.register([EVENTS])
        personal.register(PERSONAL)
