"""What the demo's database needs before anybody looks at it: tables, walls, demo data. Safe to repeat."""

import os

import django
from django.core.management import call_command

from partnerpanel.embedded.state import State

SIGN_INS = "sign-ins.txt"


def prepare() -> None:
    """Migrate as the owner of the tables, then seed; what the seed prints, the sign-ins, is kept for the start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerpanel.settings.demo")
    django.setup()
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    with (State.named("demo").path / SIGN_INS).open("w") as sign_ins:
        call_command("seed_demo", stdout=sign_ins)
    # Only now, since it needs the settings.
    from partnerpanel.embedded.demo.stripe import connect_to_double

    connect_to_double()


if __name__ == "__main__":
    prepare()
