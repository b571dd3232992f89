from django.apps import AppConfig, apps
from django.core.checks import register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "partnerpanel.tenancy"
    verbose_name = "Partners and people"

    def ready(self) -> None:
        from partnerpanel.tenancy import checks, database, emptying, walls

        register(checks.tenant_models_are_walled)
        post_migrate.connect(walls.build_after_migrate, sender=apps.get_app_config("tenancy"))
        post_migrate.connect(emptying.build_after_migrate, sender=apps.get_app_config("tenancy"))
        connection_created.connect(database.refuse_powerful_role)
