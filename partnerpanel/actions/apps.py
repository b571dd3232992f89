from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "partnerpanel.actions"
    verbose_name = _("Actions")

    def ready(self) -> None:
        from notifications import welcome
        from partnerpanel.actions.bulk.desk import DESK
        from partnerpanel.actions.bulk.runner import drain_bulk
        from partnerpanel.actions.checkout.invariants import INVARIANT
        from partnerpanel.actions.checkout.parked import DESK as CHECKOUTS_PARKED
        from partnerpanel.actions.checkout.representations import CHECKOUT_LINKS, CHECKOUTS
        from partnerpanel.actions.checkout.welcome import BoughtHere
        from partnerpanel.actions.checkout.worker import CONSUMER, OLD_CHECKOUTS, QUEUE, drain_checkouts
        from partnerpanel.actions.models import BulkJob, Checkout
        from partnerpanel.actions.personal import PERSONAL
        from partnerpanel.actions.representations import JOBS
        from partnerpanel.events import consumers
        from partnerpanel.invariants import registry as invariants
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import parked, purging
        from partnerpanel.queues.registry import Queue, register
        from partnerpanel.wire import resources

        register(Queue(name="bulk", model=BulkJob, workers="bulk", drain=drain_bulk, prefix="job"))
        register(Queue(name=QUEUE, model=Checkout, workers="money", drain=drain_checkouts, prefix="chk"))
        consumers.register(CONSUMER)
        welcome.register(BoughtHere())
        purging.register(OLD_CHECKOUTS)
        parked.register(DESK)
        parked.register(CHECKOUTS_PARKED)
        invariants.register(INVARIANT)
        resources.register([JOBS, CHECKOUT_LINKS, CHECKOUTS])
        personal.register(PERSONAL)
