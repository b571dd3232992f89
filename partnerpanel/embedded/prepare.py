"""What the demo's database needs before anybody looks at it: tables, walls, demo data. Safe to repeat."""

import os

import django
from django.core.management import call_command


def prepare() -> None:
    """Migrate as the owner of the tables, then seed; the seed prints the sign-ins."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerpanel.settings.demo")
    django.setup()
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("seed_demo")


if __name__ == "__main__":
    prepare()
