from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvariantsConfig(AppConfig):
    name = "partnerpanel.invariants"
    verbose_name = _("Invariants")

    def ready(self) -> None:
        from partnerpanel.invariants.personal import PERSONAL
        from partnerpanel.invariants.registry import register, register_everywhere
        from partnerpanel.invariants.walls import WALLS
        from partnerpanel.invariants.work import LEASES, OVERDUE, PARKED
        from partnerpanel.personal import registry as personal

        for invariant in (OVERDUE, LEASES, PARKED):
            register(invariant)
        register_everywhere(WALLS)
        personal.register(PERSONAL)
