"""`manage.py story`: one subscription lives through two years on a test clock, and its story is printed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.management.base import BaseCommand, CommandError

from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.queues.advance import advance
from partnerpanel.story.begin import Scene, begin, fresh_twin, twin_named
from partnerpanel.story.queries import story_of
from partnerpanel.story.words import lines
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant


class Command(BaseCommand):
    help = (
        "Lets a new subscription live on a test clock, through the handlers that run in earnest, and prints the dated "
        "story: what happened, money, mails. The clock of the test mode moves for everything in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", help="short name of a test mode; without it a fresh one is made")
        parser.add_argument("--months", type=int, default=24, help="how long, from 1 to 120 (default: 24)")
        parser.add_argument("--card", default="sandbox_ok", help="a payment method of docs/sandbox.md, or none")
        parser.add_argument("--preset", default="standard", help="standard, extended, strict or lenient")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["months"] <= 120:
            raise CommandError("A story takes from 1 to 120 months.")
        try:
            twin = twin_named(options["partner"]) if options["partner"] else fresh_twin()
            self._tell(twin, Scene(options["card"], options["preset"]), options["months"])
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal

    def _tell(self, twin: Partner, scene: Scene, months: int) -> None:
        began = twin.test_clock_at or system_now()
        subscription_id = begin(twin, scene, actor=Actor.system(twin.pk))
        advance(twin.pk, to=began + relativedelta(months=months))
        with tenant(twin.pk):
            entries = story_of(twin.pk, subscription_id, began)
        self.stdout.write(f"{twin.slug}, {scene.card}, {scene.preset}\n\n")
        for line in lines(entries, zone=twin.timezone):
            self.stdout.write(line)
