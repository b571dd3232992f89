from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "partnerpanel.retention"
    verbose_name = _("Retention of data")

    def ready(self) -> None:
        from partnerpanel.events import consumers
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import parked
        from partnerpanel.queues.registry import Queue, register
        from partnerpanel.retention.consumer import CONSUMER, NAME
        from partnerpanel.retention.desk import DESK
        from partnerpanel.retention.models import RetentionCase
        from partnerpanel.retention.personal import PERSONAL
        from partnerpanel.retention.worker import drain_retention

        consumers.register(CONSUMER)
        register(Queue(name=NAME, model=RetentionCase, workers="default", drain=drain_retention, prefix="ret"))
        parked.register(DESK)
        personal.register(PERSONAL)
