from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdempotencyConfig(AppConfig):
    name = "partnerpanel.idempotency"
    verbose_name = _("Requests of programs")

    def ready(self) -> None:
        from partnerpanel.idempotency.personal import PERSONAL
        from partnerpanel.idempotency.purge import REQUESTS
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import purging

        purging.register(REQUESTS)
        personal.register(PERSONAL)
