from django.apps import AppConfig


class ConfigApp(AppConfig):
    """The operator's commands: serve, work, demo."""

    name = "tongban.config"
    label = "config"
