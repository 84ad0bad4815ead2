from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "tongban.apps.desks"
    label = "desks"
