from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "partnerpanel.policy"
    verbose_name = _("Policy")

    def ready(self) -> None:
        from partnerpanel.personal import registry as personal
        from partnerpanel.policy.personal import PERSONAL
        from partnerpanel.policy.representations import POLICIES
        from partnerpanel.wire import resources

        resources.register([POLICIES])
        personal.register(PERSONAL)
