from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "tongban.apps.calls"
    label = "calls"
