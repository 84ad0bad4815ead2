from django.apps import AppConfig


class HallsConfig(AppConfig):
    name = "tongban.apps.halls"
    label = "halls"
