from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "partnerpanel.alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from partnerpanel.alerts.consumer import CONSUMER
        from partnerpanel.alerts.models import AlertRound
        from partnerpanel.alerts.personal import PERSONAL
        from partnerpanel.alerts.services import QUEUE
        from partnerpanel.alerts.worker import OLD_ALERTS, drain_alerts
        from partnerpanel.events import consumers
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import purging
        from partnerpanel.queues.registry import Queue, register

        consumers.register(CONSUMER)
        register(
            Queue(name=QUEUE, model=AlertRound, workers="mail", drain=drain_alerts, prefix="alr", system_clock=True)
        )
        purging.register(OLD_ALERTS)
        personal.register(PERSONAL)
