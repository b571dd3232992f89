from django.apps import AppConfig


class StoryConfig(AppConfig):
    name = "partnerpanel.story"
    verbose_name = "Stories"

    def ready(self) -> None:
        from partnerpanel.personal import registry as personal
        from partnerpanel.queues.registry import Queue, register
        from partnerpanel.story.models import ClockRun
        from partnerpanel.story.personal import PERSONAL
        from partnerpanel.story.runs import QUEUE
        from partnerpanel.story.worker import drain_clocks

        personal.register(PERSONAL)
        register(Queue(name=QUEUE, model=ClockRun, workers="bulk", drain=drain_clocks, prefix="adv", system_clock=True))
