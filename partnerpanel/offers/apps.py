from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffersConfig(AppConfig):
    name = "partnerpanel.offers"
    verbose_name = _("Offers to stay")

    def ready(self) -> None:
        from partnerpanel.events import consumers
        from partnerpanel.offers.consumer import CONSUMER
        from partnerpanel.offers.personal import PERSONAL
        from partnerpanel.offers.representations import OFFER_RULES, OFFERS
        from partnerpanel.personal import registry as personal
        from partnerpanel.wire import resources

        consumers.register(CONSUMER)
        resources.register([OFFER_RULES, OFFERS])
        personal.register(PERSONAL)
