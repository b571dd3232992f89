from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        from billing.charging.desk import DESK
        from billing.charging.models import PaymentAttempt
        from billing.charging.worker import drain_charges
        from billing.collection.halt import is_halted
        from billing.collection.switch import is_frozen, is_stopped
        from billing.collection.worker import drain_subscriptions
        from billing.detaching.models import CardToDetach
        from billing.detaching.services import QUEUE as REMOVED_CARDS
        from billing.detaching.worker import drain_removed_cards
        from billing.incoming.desk import DESK as NEWS
        from billing.incoming.models import GatewayNews
        from billing.incoming.purge import NEWS as OLD_NEWS
        from billing.incoming.worker import drain_news
        from billing.personal import PERSONAL
        from billing.queries.invariants import INVARIANTS
        from billing.refunds.desk import DESK as REFUNDS
        from billing.refunds.models import Refund
        from billing.refunds.worker import drain_refunds
        from billing.representations import RESOURCES
        from partnerpanel.invariants import registry as invariants
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import parked, purging
        from partnerpanel.queues.registry import Queue, register
        from partnerpanel.wire import resources

        subscription = apps.get_model("subscriptions", "Subscription")
        register(
            Queue(
                name="subscriptions",
                model=subscription,
                workers="money",
                drain=drain_subscriptions,
                prefix="sub",
                rests=is_frozen,
            )
        )
        register(
            Queue(
                name="charges",
                model=PaymentAttempt,
                workers="money",
                drain=drain_charges,
                prefix="att",
                rests=is_stopped,
                # A gateway takes so many a second: a partner with thousands is not to keep its worker from the others.
                turn=3.0,
            )
        )
        register(
            Queue(name="refunds", model=Refund, workers="money", drain=drain_refunds, prefix="ref", rests=is_halted)
        )
        register(Queue(name="news", model=GatewayNews, workers="money", drain=drain_news, prefix="gn"))
        register(Queue(name=REMOVED_CARDS, model=CardToDetach, workers="money", drain=drain_removed_cards))
        parked.register(DESK)
        parked.register(REFUNDS)
        parked.register(NEWS)
        purging.register(OLD_NEWS)
        for invariant in INVARIANTS:
            invariants.register(invariant)
        resources.register(RESOURCES)
        personal.register(PERSONAL)
