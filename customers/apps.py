from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from customers.personal import PERSONAL
        from customers.portal_representation import PORTAL_LOGINS
        from customers.queries.sql import search
        from customers.representations import CUSTOMERS
        from customers.services.passkeys import OLD_CHALLENGES
        from customers.services.portal_sessions import OLD_SESSIONS
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import purging
        from partnerpanel.wire import resources

        post_migrate.connect(search.build_after_migrate, sender=apps.get_app_config("customers"))
        resources.register([CUSTOMERS, PORTAL_LOGINS])
        personal.register(PERSONAL)
        purging.register(OLD_SESSIONS)
        purging.register(OLD_CHALLENGES)
