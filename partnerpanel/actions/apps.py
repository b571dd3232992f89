from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "partnerpanel.actions"
    verbose_name = _("Actions")

    def ready(self) -> None:
        from partnerpanel.actions.bulk.desk import DESK
        from partnerpanel.actions.bulk.runner import drain_bulk
        from partnerpanel.actions.models import BulkJob
        from partnerpanel.queues import parked
        from partnerpanel.queues.registry import Queue, register

        register(Queue(name="bulk", model=BulkJob, workers="bulk", drain=drain_bulk, prefix="job"))
        parked.register(DESK)
