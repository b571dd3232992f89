from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlatformConfig(AppConfig):
    name = "partnerpanel.platform"
    verbose_name = _("Platform")

    def ready(self) -> None:
        from partnerpanel.events import consumers
        from partnerpanel.platform.consumer import CONSUMER

        consumers.register(CONSUMER)
