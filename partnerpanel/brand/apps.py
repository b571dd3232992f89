from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BrandConfig(AppConfig):
    name = "partnerpanel.brand"
    verbose_name = _("Brand")

    def ready(self) -> None:
        from partnerpanel.brand.personal import PERSONAL
        from partnerpanel.personal import registry as personal

        personal.register(PERSONAL)
