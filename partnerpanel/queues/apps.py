from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class QueuesConfig(AppConfig):
    name = "partnerpanel.queues"
    verbose_name = "Due work"

    def ready(self) -> None:
        from partnerpanel.queues import functions

        # Django sends no post_migrate for an app without models, as this one is.
        post_migrate.connect(functions.build_after_migrate, sender=apps.get_app_config("tenancy"))
