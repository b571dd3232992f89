from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from anymail.signals import tracking

        from notifications.campaigns.models import Campaign
        from notifications.campaigns.representations import CAMPAIGNS as CAMPAIGN_RESOURCE
        from notifications.campaigns.services import QUEUE as CAMPAIGNS
        from notifications.campaigns.worker import drain_campaigns
        from notifications.consumer import CONSUMER
        from notifications.desk import DESK
        from notifications.marketing.provider import hear
        from notifications.marketing.representations import SUPPRESSIONS
        from notifications.models import Message, SignIn
        from notifications.own_series import consumer as own_series
        from notifications.own_series.models import OwnSeriesMail
        from notifications.own_series.representations import SERIES
        from notifications.own_series.worker import drain_own_series
        from notifications.owned.representations import TEMPLATES
        from notifications.personal import PERSONAL
        from notifications.series import consumer as series
        from notifications.series.models import SeriesStep
        from notifications.series.worker import drain_series
        from notifications.sign_ins.worker import OLD_SIGN_INS, drain_sign_ins
        from notifications.webhooks import consumer as webhooks
        from notifications.webhooks.models import WebhookDelivery
        from notifications.webhooks.purge import ATTEMPTS
        from notifications.webhooks.representations import RESOURCES
        from notifications.webhooks.worker import PREFIX, drain_webhooks
        from notifications.worker import drain_mail
        from partnerpanel.events import consumers
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues import parked, purging
        from partnerpanel.queues.registry import Queue, register
        from partnerpanel.wire import resources

        consumers.register(CONSUMER)
        consumers.register(series.CONSUMER)
        register(Queue(name=series.QUEUE, model=SeriesStep, workers="mail", drain=drain_series))
        consumers.register(own_series.CONSUMER)
        register(
            Queue(name=own_series.QUEUE, model=OwnSeriesMail, workers="mail", drain=drain_own_series, prefix="osm")
        )
        register(Queue(name=CAMPAIGNS, model=Campaign, workers="mail", drain=drain_campaigns, prefix="cmp"))
        register(Queue(name="mail", model=Message, workers="mail", drain=drain_mail, prefix="msg"))
        parked.register(DESK)
        consumers.register(webhooks.CONSUMER)
        register(
            Queue(
                name=webhooks.QUEUE,
                model=WebhookDelivery,
                workers="webhooks",
                drain=drain_webhooks,
                prefix=PREFIX,
                system_clock=True,
            )
        )
        register(
            Queue(name="sign_ins", model=SignIn, workers="mail", drain=drain_sign_ins, prefix="sgn", system_clock=True)
        )
        resources.register(RESOURCES)
        resources.register([TEMPLATES, CAMPAIGN_RESOURCE, SUPPRESSIONS, SERIES])
        purging.register(ATTEMPTS)
        personal.register(PERSONAL)
        purging.register(OLD_SIGN_INS)
        tracking.connect(hear, dispatch_uid="notifications")
