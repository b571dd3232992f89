from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Subscriptions")

    def ready(self) -> None:
        from partnerpanel.events import consumers
        from partnerpanel.invariants import registry as invariants
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import parked
        from partnerpanel.queues.registry import Queue, register
        from partnerpanel.wire import resources
        from subscriptions import movements
        from subscriptions.desks import ACCOUNTS, SUBSCRIPTIONS
        from subscriptions.models import ServiceAccount
        from subscriptions.personal import PERSONAL
        from subscriptions.provisioning.consumer import CONSUMER
        from subscriptions.provisioning.worker import drain_provisioning
        from subscriptions.queries.invariants import COUPONS, TERMS
        from subscriptions.representations import RESOURCES

        consumers.register(CONSUMER)
        consumers.register(movements.CONSUMER)
        register(
            Queue(name="provisioning", model=ServiceAccount, workers="default", drain=drain_provisioning, prefix="acc")
        )
        parked.register(SUBSCRIPTIONS)
        parked.register(ACCOUNTS)
        invariants.register(COUPONS)
        invariants.register(TERMS)
        resources.register(RESOURCES)
        personal.register(PERSONAL)
