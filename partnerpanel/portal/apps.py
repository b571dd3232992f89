from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "partnerpanel.portal"
