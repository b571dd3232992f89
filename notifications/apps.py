from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from notifications.consumer import CONSUMER
        from notifications.desk import DESK
        from notifications.models import Message
        from notifications.worker import drain_mail
        from partnerpanel.events import consumers
        from partnerpanel.queues import parked
        from partnerpanel.queues.registry import Queue, register

        consumers.register(CONSUMER)
        register(Queue(name="mail", model=Message, workers="mail", drain=drain_mail, prefix="msg"))
        parked.register(DESK)
