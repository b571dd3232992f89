from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "partnerpanel.support"
    verbose_name = _("Support")

    def ready(self) -> None:
        from partnerpanel.personal import registry as personal
        from partnerpanel.support.personal import PERSONAL
        from partnerpanel.support.representations import TICKETS
        from partnerpanel.wire import resources

        resources.register([TICKETS])
        personal.register(PERSONAL)
