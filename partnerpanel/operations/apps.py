from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class OperationsConfig(AppConfig):
    name = "partnerpanel.operations"
    verbose_name = "Operation"

    def ready(self) -> None:
        from celery.signals import task_postrun, worker_ready
        from django_structlog.celery import signals

        from partnerpanel.operations import context, meters
        from partnerpanel.operations.queries.sql import functions
        from partnerpanel.operations.watcher import start_watcher

        post_migrate.connect(functions.build_after_migrate, sender=apps.get_app_config("tenancy"))
        task_postrun.connect(meters.count_task)
        worker_ready.connect(start_watcher)
        signals.modify_context_before_task_publish.connect(context.pass_on)
        signals.bind_extra_task_metadata.connect(context.bind_task)
