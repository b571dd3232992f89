from django.apps import AppConfig


class StoryConfig(AppConfig):
    name = "partnerpanel.story"
    verbose_name = "Stories"
