from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoyaltyConfig(AppConfig):
    name = "partnerpanel.loyalty"
    verbose_name = _("Bonus months")

    def ready(self) -> None:
        from partnerpanel.events import consumers
        from partnerpanel.loyalty.consumer import CONSUMER
        from partnerpanel.loyalty.personal import PERSONAL
        from partnerpanel.personal import registry as personal

        consumers.register(CONSUMER)
        personal.register(PERSONAL)
